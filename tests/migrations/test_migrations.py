"""Revisions lead to exactly the tables that the models describe, and back."""

import asyncio
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Text, column, select, table

from tests.conftest import database_settings
from tests.core.database.revisions import revisions, running, schema
from tests.engines import EngineUrls
from threadly.core.database import Database, Tx
from threadly.core.database.migrate import MigrationRefused, MigrationsHurt, Status, downgrade, status, upgrade
from threadly.embedded import with_database
from threadly.migrations import MIGRATIONS

HEAD = ScriptDirectory.from_config(MIGRATIONS.config()).get_current_head()


async def test_the_newest_revision_is_what_the_models_describe(db: Database) -> None:
    async with db.engine.connect() as connection:
        await connection.run_sync(lambda sync: command.check(MIGRATIONS.config(sync)))


async def test_every_revision_can_be_taken_back_and_run_again(bare: Database, empty_database_url: str) -> None:
    before = await schema(empty_database_url)
    await upgrade(bare, MIGRATIONS)
    whole = await schema(empty_database_url)
    assert await downgrade(bare, MIGRATIONS, "base") == Status(None, (await status(bare, MIGRATIONS)).missing)
    assert await schema(empty_database_url) == before

    assert await upgrade(bare, MIGRATIONS) == Status(HEAD, ())
    assert await schema(empty_database_url) == whole


async def test_a_product_needs_revisions_alone_wherever_they_are_kept(bare: Database, tmp_path: Path) -> None:
    kept = revisions(tmp_path / "some, of: 100 % mine", {"1": running("create table things ()")})
    assert await upgrade(bare, kept) == Status("1", ())
    assert await bare.run(_tables) == {"alembic_version", "things"}


async def test_a_product_may_have_an_environment_of_its_own(bare: Database, tmp_path: Path) -> None:
    kept = revisions(tmp_path / "mine", {"1": running("create table things ()")})
    (kept.folder / "env.py").write_text('raise LookupError("mine")')
    with pytest.raises(MigrationsHurt, match="not-seen"):  # nor can it be asked what it would do
        await upgrade(bare, kept)
    with pytest.raises(MigrationRefused, match=r"env\.py, line 1, failed: LookupError"):
        await upgrade(bare, kept, anyway=True)
    assert await bare.run(_tables) == set()


async def _tables(tx: Tx) -> set[str]:
    named = select(column("tablename", Text)).select_from(table("pg_tables")).where(column("schemaname") == "public")
    return set((await tx.execute(named)).scalars())


async def test_the_status_names_what_is_missing_in_order(bare: Database) -> None:
    missing = (await status(bare, MIGRATIONS)).missing

    assert missing[0] == "0001"
    assert missing[-1] == HEAD


async def test_four_that_upgrade_at_once_run_each_revision_once(bare: Database, empty_database_url: str) -> None:
    others = [Database(database_settings(empty_database_url)) for _ in range(3)]
    outcomes = await asyncio.gather(*(upgrade(db, MIGRATIONS) for db in (bare, *others)))
    for db in others:
        await db.close()

    assert outcomes == [Status(HEAD, ())] * 4


async def test_a_revision_that_does_not_exist_is_refused_with_those_that_do(bare: Database) -> None:
    here = await status(bare, MIGRATIONS)
    for move in (upgrade, downgrade):
        with pytest.raises(MigrationRefused, match=r"^There is no revision 9999; there are 0001, .*\.$"):
            await move(bare, MIGRATIONS, "9999")
    assert await status(bare, MIGRATIONS) == here


async def test_going_back_to_what_has_not_run_is_refused(bare: Database) -> None:
    await upgrade(bare, MIGRATIONS, "0001")
    with pytest.raises(MigrationRefused, match=f"{HEAD} is not a valid downgrade target"):
        await downgrade(bare, MIGRATIONS, HEAD or "")
    assert (await status(bare, MIGRATIONS)).current == "0001"


@pytest.mark.parametrize(
    ("case", "locale"),
    [
        ("all is C", "locale_provider libc locale 'C'"),
        ("trigrams are C", "locale_provider builtin builtin_locale 'PG_UNICODE_FAST' locale 'C'"),
    ],
)
async def test_a_database_that_knows_only_english_letters_is_refused_untouched(
    engine_urls: EngineUrls, case: str, locale: str
) -> None:
    name = f"test_{uuid4().hex}"
    connection = await asyncpg.connect(engine_urls.database_url)
    await connection.execute(f"create database {name} template template0 encoding 'UTF8' {locale}")
    db = Database(database_settings(with_database(engine_urls.database_url, name)))

    with pytest.raises(MigrationRefused, match="letters of English only"):
        await upgrade(db, MIGRATIONS)
    assert (await status(db, MIGRATIONS)).current is None, case

    await db.close()
    await connection.execute(f"drop database {name} with (force)")
    await connection.close()
