"""What is seen of the role that migrates."""

import pytest

from tests.ops.doctor.seeing import seen, wrong
from threadly.core.config import Secret
from threadly.ops.doctor import database
from threadly.settings import Settings

OWNER = "THREADLY_DATABASE__OWNER_URL"


@pytest.mark.parametrize(
    ("which", "said"),
    [
        ("well", None),
        ("another", "it leads to another database than THREADLY_DATABASE__URL: "),
        ("not let in", "it does not take the password"),
    ],
)
async def test_the_doctor_tries_the_owner_too(
    which: str, said: str | None, settings: Settings, owner_url: str, empty_database_url: str
) -> None:
    wrong_password = owner_url.replace("threadly:", "threadly:not", 1)
    url = {"well": owner_url, "another": empty_database_url, "not let in": wrong_password}[which]
    both = settings.database.model_copy(update={"owner_url": Secret(url)})
    found = await seen(database.look, settings.model_copy(update={"database": both}))
    if said is None:
        assert found["owner"].seen == "threadly may migrate"
    else:
        assert wrong(found)["owner"].startswith(said)
        assert OWNER in found["owner"].do
