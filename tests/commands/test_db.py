"""`threadly db`: up, down, and where it is."""

import asyncio
import signal
from collections.abc import Mapping

import asyncpg
import pytest
from sqlalchemy import func, select, text

from tests.conftest import database_settings
from tests.processes import program
from threadly.cli import app
from threadly.commands.errors import DowngradeLoses, MigrationsHurt
from threadly.core.database import Database
from threadly.core.database.migrate import MigrationRefused, chain, status
from threadly.core.database.migrating.releases import session_name
from threadly.marketplace.catalog import Category
from threadly.marketplace.listings import Listing
from threadly.migrations import MIGRATIONS

SO_MANY = """
    INSERT INTO pictures (id, name, width, height, placeholder, created_at)
    SELECT gen_random_uuid(), md5(n::text), 3, 4, 'data:image/webp;base64,', now() FROM generate_series(1, 20000) n
"""


@pytest.mark.usefixtures("bare")
def test_the_database_goes_up_tells_where_it_is_and_goes_down(capsys: pytest.CaptureFixture[str]) -> None:
    revisions = sorted(path.name[:4] for path in (MIGRATIONS.folder / "versions").glob("*.py"))

    def said(*arguments: str) -> str:
        app(["db", *arguments], result_action="return_value")
        return capsys.readouterr().out

    assert f"none: nothing has run yet.\nMissing: {', '.join(revisions)}. Run `threadly db upgrade`." in said("status")
    assert f"{', '.join(revisions)}; the database is at {revisions[-1]}" in said("upgrade")
    assert "nothing to do" in said("upgrade")
    assert "Up to date." in said("status")
    assert "the database is at base, and empty" in said("downgrade", "base", "--anyway")


async def test_an_upgrade_needs_the_database_only_and_brings_the_catalogue(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_database_url)
    await app.run_async(["db", "upgrade", "0001"], result_action="return_value")
    assert "Catalogue" not in capsys.readouterr().out
    await app.run_async(["db", "upgrade"], result_action="return_value")
    assert "✓ Catalogue " in capsys.readouterr().out
    db = Database(database_settings(empty_database_url))
    async with db.read() as read:
        assert await read.scalar(select(func.count()).select_from(Category))
    await db.close()
    await app.run_async(["db", "upgrade"], result_action="return_value")
    assert "0 categories, brands, sizes and the like added, 0 changed" in capsys.readouterr().out


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("move", ["upgrade", "downgrade"])
def test_a_revision_that_does_not_exist_is_refused(move: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(MigrationRefused, match="There is no revision 9999; there are 0001"):
        app(["db", move, "9999"], result_action="return_value")
    app(["db", "status"], result_action="return_value")
    assert "nothing has run yet" in capsys.readouterr().out


def test_the_help_of_a_choice_says_what_happens_without_it_once(capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["db", "upgrade"], ["serve"]):
        app([*command, "--help"], result_action="return_value")
        said = " ".join(capsys.readouterr().out.replace("│", " ").split())
        assert "if not said." in said
        assert "if not said. [default" not in said


async def test_what_would_hurt_is_told_and_refused_before_anything_has_run(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_database_url)
    await app.run_async(["db", "upgrade", "0003"], result_action="return_value")
    db = Database(database_settings(empty_database_url))
    async with db.engine.begin() as connection:
        await connection.execute(text(SO_MANY))
    autocommit = db.engine.execution_options(isolation_level="AUTOCOMMIT")
    async with autocommit.connect() as connection:
        await connection.execute(text("ANALYZE pictures"))
    await db.close()
    capsys.readouterr()

    assert await app.run_async(["db", "plan", "0004"], result_action="return_value") == 2
    said = capsys.readouterr().out
    assert "0004  Who uploaded which picture" in said
    assert "✗ CREATE INDEX " in said
    assert "Waits meanwhile: everybody who writes the table (pictures, 20,000 rows); the lock is SHARE." in said
    assert "Instead: CREATE INDEX CONCURRENTLY, outside of a transaction. [index-blocks]" in said
    assert "✗ 1 migration of 1 would hurt people who use the shop meanwhile" in said
    with pytest.raises(MigrationsHurt, match=r"\(0004\)\. Nothing was changed"):
        await app.run_async(["db", "upgrade", "0004"], result_action="return_value")
    await app.run_async(["db", "status"], result_action="return_value")
    assert "The database is at revision 0003." in capsys.readouterr().out

    assert await app.run_async(["db", "plan", "0004", "--sql"], result_action="return_value") == 2
    assert "    CREATE INDEX " in capsys.readouterr().out
    await app.run_async(["db", "upgrade", "0004", "--anyway"], result_action="return_value")
    assert await app.run_async(["db", "plan", "0004"], result_action="return_value") == 0
    assert "Nothing to do; the database is at 0004." in capsys.readouterr().out
    assert await app.run_async(["db", "plan", "0001"], result_action="return_value") == 0
    assert capsys.readouterr().out == "✓ Nothing to do; the database is at 0004.\n"


@pytest.mark.parametrize(
    "asked", [["db", "status"], ["db", "plan"], ["db", "upgrade"], ["db", "downgrade", "0001"], ["seed"]]
)
async def test_a_database_of_a_later_release_is_said_to_be_that(
    stocked: Database, owner: Database, asked: list[str]
) -> None:
    async with owner.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(
        MigrationRefused, match="at revision 9999, which this release does not know: it was migrated by"
    ):
        await app.run_async(asked, result_action="return_value")
    async with stocked.engine.connect() as connection:
        assert await connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
    async with stocked.read() as read:
        assert await read.scalar(select(func.count()).select_from(Listing)) == 1


async def test_nobody_is_there_in_an_empty_database(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_database_url)
    assert await app.run_async(["db", "plan"], result_action="return_value") == 0
    assert "migrations can be run while people use the shop." in capsys.readouterr().out


async def test_a_downgrade_that_would_lose_data_is_refused_and_says_what(
    stocked: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(DowngradeLoses, match=r"0001  listings: 1 row in all") as refusal:
        await app.run_async(["db", "downgrade", "base"], result_action="return_value")
    assert "Nothing was changed. Make a backup, and run it with --anyway" in str(refusal.value)
    async with stocked.read() as read:
        assert await read.scalar(select(func.count()).select_from(Listing)) == 1

    await app.run_async(["db", "downgrade", "base", "--anyway"], result_action="return_value")
    assert "the database is at base, and empty" in capsys.readouterr().out


async def test_a_downgrade_of_a_running_shop_is_refused_before_its_losses_are_told(
    stocked: Database, migrated: Mapping[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    worker = await asyncpg.connect(
        migrated["DATABASE_URL"], server_settings={"application_name": session_name("threadly", "0.1.0", "work")}
    )
    with pytest.raises(MigrationRefused, match=r": threadly/0\.1\.0 work \(1\)\. Stop the shop first"):
        await app.run_async(["db", "downgrade", "base"], result_action="return_value")
    async with stocked.read() as read:
        assert await read.scalar(select(func.count()).select_from(Listing)) == 1
    await app.run_async(["db", "downgrade", "base", "--anyway"], result_action="return_value")
    assert "the database is at base, and empty" in capsys.readouterr().out
    await worker.close()


def test_what_a_downgrade_wants_is_named_as_it_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        app(["db", "downgrade"])
    told = "".join(capsys.readouterr())
    assert "parameter REVISION requires an argument" in told
    assert "--revision" not in told


async def test_whether_a_database_is_whole_is_told_before_and_after_an_upgrade(
    stocked: Database, owner: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await app.run_async(["db", "verify"], result_action="return_value") == 0
    assert "✓ Nothing is wrong: " in capsys.readouterr().out

    broken = "ALTER TABLE listings ADD CONSTRAINT has_no_dress CHECK (title NOT LIKE '%dress%') NOT VALID"
    async with owner.engine.begin() as connection:
        await connection.execute(text(broken))
    assert await app.run_async(["db", "verify"], result_action="return_value") == 2
    assert (
        "✗ 1 row of listings breaks has_no_dress.\n  Mend or delete them, then: ALTER TABLE" in capsys.readouterr().out
    )

    last = chain(MIGRATIONS)[-2]
    await app.run_async(["db", "downgrade", last, "--anyway"], result_action="return_value")
    assert await app.run_async(["db", "upgrade"], result_action="return_value") == 0
    assert "! What was wrong before still is: `threadly db verify` says what." in capsys.readouterr().out


async def test_who_presses_ctrl_c_is_told_where_the_database_is(bare: Mapping[str, str]) -> None:
    await app.run_async(["db", "upgrade", "0003"], result_action="return_value")
    reader = await asyncpg.connect(bare["DATABASE_URL"])
    await reader.execute("BEGIN; SELECT FROM pictures")
    with program("threadly", "db", "upgrade", "--anyway", environment=bare) as upgrading:
        await asyncio.to_thread(upgrading.line, "waits for session")
        code, _ = await asyncio.to_thread(upgrading.told, signal.SIGINT, 60)
    await reader.close()
    assert code == 130
    assert "✗ Migrations\n! Interrupted; the database is at 0003. Run it again.\n" in "".join(upgrading.said)
    db = Database(database_settings(bare["DATABASE_URL"]))
    assert (await status(db, MIGRATIONS)).current == "0003"
    await db.close()


@pytest.mark.parametrize("asked", [["db"], ["db", "--help"]])
def test_db_explains_itself(asked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    app(asked, result_action="return_value")
    said = " ".join(capsys.readouterr().out.replace("│", " ").split())
    assert "For a new release: threadly db plan says what its migrations would do to whom" in said
    for command in ("plan", "upgrade", "verify", "downgrade", "status", "stats", "advise"):
        assert f" {command} " in said
