"""`threadly seed` leaves a shop with something in it alone."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.sample.making import a_shop, filled
from threadly.cli import app
from threadly.commands.errors import ShopNotEmpty
from threadly.core.database import Database


@pytest.mark.usefixtures("stocked")
def test_seed_leaves_a_shop_that_has_listings_as_it_is_and_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(
        ShopNotEmpty, match=r"1 member, 1 picture, 1 listing\).*\nLet THREADLY_DATABASE__URL .* name an empty database"
    ):
        app(["seed", "--listings", "10"], result_action="return_value")
    assert list(tmp_path.rglob("*.webp")) == []
    assert "Drawing" not in capsys.readouterr().out


async def test_seed_announces_nothing_where_this_very_data_was_there_already(
    db: Database, migrated: Mapping[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in migrated.items():
        monkeypatch.setenv(name, value)
    await filled(db, a_shop(10))
    await app.run_async(["seed", "--listings", "10"], result_action="return_value")
    said = capsys.readouterr().out
    assert "this very data was there already" in said
    assert "rawing" not in said
