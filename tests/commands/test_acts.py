"""What commands change is in the audit log, with who typed them."""

from collections.abc import Mapping, Sequence

import pytest

from tests.conftest import database_settings
from threadly.cli import app
from threadly.commands.acts import SettingsChanged, digest_of, note_settings
from threadly.commands.marks import marks
from threadly.core.audit import Recorded, operator, record, search
from threadly.core.config import Secret
from threadly.core.database import Database
from threadly.migrations import MIGRATIONS
from threadly.settings import Settings

LAST = max((MIGRATIONS.folder / "versions").glob("*.py")).name[:4]


async def acts(db: Database) -> Sequence[Recorded]:
    async with db.read() as read:
        return (await search(read, limit=100))[::-1]


async def test_migrations_and_the_catalogue_are_recorded(bare: Mapping[str, str]) -> None:
    await app.run_async(["db", "upgrade"], result_action="return_value")
    await app.run_async(["db", "upgrade"], result_action="return_value")
    db = Database(database_settings(bare["DATABASE_URL"]))
    told = [(act.act, act.actor, act.cause, act.target, act.before, act.after) for act in await acts(db)]
    await db.close()
    assert told[0] == (
        "database.upgraded", operator(), "command db upgrade", "database", {"revision": None}, {"revision": LAST},
    )  # fmt: skip
    assert [(act, target) for act, _, _, target, *_ in told[1:]] == [("catalogue.changed", "catalogue")]


async def test_a_start_with_other_settings_is_recorded_and_one_with_the_same_is_not(
    settings: Settings, db: Database
) -> None:
    other = settings.model_copy(update={"auth": settings.auth.model_copy(update={"hash_passes": 2})})
    for started in (settings, settings, other, other, settings):
        await note_settings(started, process="serve")
    told = [(act.target, act.actor, act.cause, act.before, act.after) for act in await acts(db)]
    here, there = {"digest": digest_of(settings)}, {"digest": digest_of(other)}
    named = {"changed": "THREADLY_AUTH__HASH_PASSES"}
    assert told == [
        ("settings serve", "system", "start serve", None, here | {"marks": marks(settings)}),
        ("settings serve", "system", "start serve", here, there | named | {"marks": marks(other)}),
        ("settings serve", "system", "start serve", there, here | named | {"marks": marks(settings)}),
    ]


async def test_after_a_row_without_names_the_next_but_one_has_them(settings: Settings, db: Database) -> None:
    await db.run(record, SettingsChanged, target="settings serve", after={"digest": "of an older release"})
    other = settings.model_copy(update={"auth": settings.auth.model_copy(update={"hash_passes": 2})})
    for started in (settings, other):
        await note_settings(started, process="serve")
    assert [(act.after or {}).get("changed") for act in await acts(db)] == [None, None, "THREADLY_AUTH__HASH_PASSES"]


async def test_however_many_settings_change_they_are_all_kept(settings: Settings, db: Database) -> None:
    kept = marks(settings)
    others = [" ".join(f"{word}x" if at % 2 else word for at, word in enumerate(each.split())) for each in kept]
    older = {"digest": "another", "marks": others}
    await db.run(record, SettingsChanged, target="settings serve", after=older)
    await note_settings(settings, process="serve")
    first, last = [act.after or {} for act in await acts(db)]
    assert first == older
    assert last["marks"] == kept
    assert last["changed"].startswith("THREADLY_AUTH__HASH_LANES, THREADLY_AUTH__")


def test_no_secret_is_in_the_digest_of_settings(settings: Settings) -> None:
    secret = settings.security.model_copy(update={"secret": Secret("fedcba9876543210" * 2)})
    assert digest_of(settings) == digest_of(settings.model_copy(update={"security": secret}))


@pytest.mark.usefixtures("stocked")
async def test_a_downgrade_is_recorded_before_and_after(owner: Database) -> None:
    await app.run_async(["db", "downgrade", LAST], result_action="return_value")
    told = [(act.act, act.before, act.after) for act in await acts(owner)]
    assert told[:2] == [
        ("database.downgraded", {"revision": LAST}, None),
        ("database.downgraded", {"revision": LAST}, {"revision": LAST}),
    ]
