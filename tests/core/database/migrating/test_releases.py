"""What an older release still uses does not go while a session of it is connected."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest

from tests.core.database.revisions import revisions, running
from threadly.core.database import Database
from threadly.core.database.migrate import MigrationRefused, Migrations, downgrade, refuse_connected, status, upgrade
from threadly.core.database.migrating.releases import is_before, session_name
from threadly.core.database.planning import planned

STEPS = {
    "1": running("CREATE TABLE things (id bigint PRIMARY KEY, name text)"),
    "2": running("ALTER TABLE things DROP COLUMN name"),
}


@pytest.fixture
def migrations(tmp_path: Path) -> Migrations:
    """A column, which release 1.4.0 does without."""
    made = revisions(tmp_path / "steps", STEPS, {"2": running("ALTER TABLE things ADD COLUMN name text")})
    file = made.folder / "versions/2.py"
    file.write_text(file.read_text() + '\nCONTRACTS = "1.4.0"\n')
    return replace(made, product="shop")


@asynccontextmanager
async def connected(url: str, name: str) -> AsyncIterator[None]:
    """Somebody is there."""
    session = await asyncpg.connect(url, server_settings={"application_name": name})
    yield
    await session.close()


async def test_a_column_stays_while_an_older_release_is_connected(
    bare: Database, empty_database_url: str, migrations: Migrations
) -> None:
    async with (
        connected(empty_database_url, session_name("shop", "1.3.9", "web")),
        connected(empty_database_url, session_name("shop", "1.4.0", "web")),
    ):
        with pytest.raises(MigrationRefused, match=r"what releases before 1\.4\.0 use") as refusal:
            await upgrade(bare, migrations)
        assert "some are connected: shop/1.3.9 web (1). Those before it have run." in str(refusal.value)
        assert (await status(bare, migrations)).current == "1"
        async with bare.engine.connect() as connection:
            await connection.exec_driver_sql("SELECT name FROM things")

    async with (
        connected(empty_database_url, session_name("shop", "1.4.0", "work")),
        connected(empty_database_url, session_name("other", "0.1", "web")),
        connected(empty_database_url, "psql"),
    ):
        assert (await upgrade(bare, migrations)).current == "2"


async def test_nothing_is_taken_back_while_any_release_is_connected(
    bare: Database, empty_database_url: str, migrations: Migrations
) -> None:
    await upgrade(bare, migrations)
    async with connected(empty_database_url, session_name("shop", "1.4.0", "work")):
        for refuses in (refuse_connected, downgrade):
            with pytest.raises(
                MigrationRefused, match=r"^2 was not taken back: .*: shop/1\.4\.0 work \(1\)\. Stop the"
            ):
                await refuses(bare, migrations, "1")
            assert (await status(bare, migrations)).current == "2"
        await refuse_connected(bare, migrations, "2")
        assert (await downgrade(bare, migrations, "2")).current == "2"
        assert (await downgrade(bare, migrations, "1", anyway=True)).current == "1"

    await upgrade(bare, migrations)
    async with connected(empty_database_url, session_name("other", "0.1", "web")):
        await refuse_connected(bare, migrations, "1")
        assert (await downgrade(bare, migrations, "1")).current == "1"


def test_what_is_held_by_releases_needs_no_other_acceptance_in_the_plan(migrations: Migrations) -> None:
    ((danger,),) = (each.dangers for each in planned(migrations, "1"))
    assert (danger.hazard.code, danger.refuses) == ("column-drops", False)
    assert danger.accepted == "It does not run while a release before 1.4.0 is connected."


@pytest.mark.parametrize(
    ("release", "first", "older"),
    [
        ("1.3.9", "1.4.0", True),
        ("1.4.0", "1.4.0", False),
        ("1.4", "1.4.0", False),
        ("1.4.0.1", "1.4.0", False),
        ("1.10.0", "1.9.9", False),
        ("1.4.0rc1", "1.4.0", True),
        ("1.4.0.dev3", "1.4.0", True),
        ("1.4.0-beta", "1.4.0", True),
        ("1.4.0.post1", "1.4.0", False),
        ("1.4.0+local", "1.4.0", False),
        ("", "1.4.0", True),
        ("next", "1.4.0", True),
    ],
)
def test_releases_are_compared_by_their_numbers(release: str, first: str, *, older: bool) -> None:
    assert is_before(release, first) is older
