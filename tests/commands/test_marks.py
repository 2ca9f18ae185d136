"""Which settings are others is known by name, and what they are is not."""

from datetime import UTC, datetime

import pytest

from threadly.commands.marks import changed, marks
from threadly.core.config import Secret, Section
from threadly.core.keys import made_now
from threadly.settings import Settings


def with_(settings: Settings, section: str, **values: object) -> Settings:
    own: Section = getattr(settings, section)
    return settings.model_copy(update={section: own.model_copy(update=values)})


@pytest.mark.parametrize(
    ("section", "values", "names"),
    [
        ("limits", {"auth": 11}, ["THREADLY_LIMITS__AUTH"]),
        ("site", {"name": "Another", "currency": "BGN"}, ["THREADLY_SITE__CURRENCY", "THREADLY_SITE__NAME"]),
        ("security", {"keys": (Secret(made_now()),)}, ["THREADLY_SECURITY__KEYS"]),
        ("security", {"secret": None, "keys": (Secret(made_now()),)},
         ["THREADLY_SECURITY__KEYS", "THREADLY_SECURITY__SECRET"]),
        ("security", {"secret": Secret("fedcba9876543210" * 2)}, []),
        ("database", {"url": Secret("postgresql://a:b@c/d")}, []),
        ("server", {"workers": 7}, []),
    ],
)  # fmt: skip
def test_what_is_set_otherwise_is_known_by_name(
    settings: Settings, section: str, values: dict[str, object], names: list[str]
) -> None:
    assert changed(marks(settings), marks(with_(settings, section, **values))) == names


def test_of_keys_the_ids_count_and_nothing_of_what_they_hold(settings: Settings) -> None:
    id = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    one, other = (with_(settings, "security", keys=(Secret(f"{id}:{sign * 32}"),)) for sign in "ab")
    assert marks(one) == marks(other)


def test_settings_of_another_release_are_known_by_name() -> None:
    assert changed(["CACHE__URL ab JOBS__GONE cd"], ["CACHE__URL ab", "SITE__NEW ef"]) == [
        "THREADLY_JOBS__GONE", "THREADLY_SITE__NEW",
    ]  # fmt: skip


def test_no_value_is_in_the_marks(settings: Settings) -> None:
    kept = " ".join(marks(with_(settings, "site", name="Sekret")))
    assert "Sekret" not in kept
    assert set(map(len, kept.split()[1::2])) == {8}
