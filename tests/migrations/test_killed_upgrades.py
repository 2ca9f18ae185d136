"""An upgrade that is killed by -9 between any two statements, and run again, leads to the same as one that is not."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import asyncpg

from tests.conftest import cloned, database_settings
from tests.core.database.revisions import revisions, running, schema
from tests.engines import EngineUrls
from tests.processes import ROOT
from threadly.core.database import Database
from threadly.core.database.migrate import Migrations, upgrade
from threadly.migrations import MIGRATIONS

KILLS: Final = int(os.environ.get("THREADLY_TEST_MIGRATION_KILLS", "0"))
"""At least so many of each, and each boundary; 0: some boundaries."""

STEPS: Final = {
    "1": running("CREATE TABLE things (id bigint PRIMARY KEY, name text)")
    + "\n"
    + running("INSERT INTO things SELECT n, 'thing' FROM generate_series(1, 500) n"),
    "2": running("ALTER TABLE things ADD COLUMN size int") + "\n" + running("CREATE INDEX by_size ON things (size)"),
    "3": f"""
{running("ALTER TABLE things ADD COLUMN IF NOT EXISTS note text")}
with outside():
    {running("CREATE INDEX CONCURRENTLY IF NOT EXISTS by_name ON things (name)")}
    {running("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS by_note ON things (note)")}
{running("ALTER TABLE things ALTER COLUMN note SET DEFAULT 'none'")}
""",
    "4": running("ALTER TABLE things ADD CONSTRAINT has_name CHECK (name IS NOT NULL) NOT VALID"),
    "5": running("ALTER TABLE things VALIDATE CONSTRAINT has_name"),
    "6": f"""
with outside():
    {running("DROP INDEX CONCURRENTLY IF EXISTS by_name")}
""",
}


class Killer:
    """Starts upgrades, and kills them."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def run(self, url: str, boundary: int) -> str:
        """What became of it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(url, boundary, file=self._process.stdin, flush=True)
        return self._process.stdout.readline().strip()


@contextmanager
def killer(migrations: Migrations) -> Iterator[Killer]:
    """For these migrations."""
    command = [sys.executable, "-m", "tests.migrations.killed_upgrade", str(migrations.folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        yield Killer(process)
        assert process.stdin is not None
        process.stdin.close()


async def converged(engine_urls: EngineUrls, migrations: Migrations, *, some: int) -> tuple[int, int]:
    """How many kills led to the same as none, and how many there were."""
    server, right, kills = engine_urls.database_url, 0, 0
    with killer(migrations) as upgrades:
        async with cloned(server, "template1") as url:
            done, boundaries = upgrades.run(url, sys.maxsize).split()
            assert done == "done"
            whole = await content(url)
        for boundary in chosen(int(boundaries), some):
            async with cloned(server, "template1") as url:
                assert upgrades.run(url, boundary) == "killed"
                db = Database(database_settings(url))
                await upgrade(db, migrations, anyway=True)
                await db.close()
                kills += 1
                right += await content(url) == whole
    return right, kills


def chosen(boundaries: int, some: int) -> list[int]:
    """Every one, and again from the first if more are wanted; or so many, evenly spread."""
    if KILLS:
        return [*range(boundaries)] * -(-KILLS // boundaries)
    return [*range(0, boundaries, max(1, boundaries // some))]


async def content(url: str) -> list[object]:
    """The schema, which indexes can be used, at which revision it is, and the things."""
    connection = await asyncpg.connect(url)
    usable = await connection.fetch("SELECT indexrelid::regclass::text, indisvalid FROM pg_index ORDER BY 1")
    at = await connection.fetch("SELECT * FROM alembic_version")
    things = None
    if await connection.fetchval("SELECT to_regclass('things')"):
        things = [tuple(row) for row in await connection.fetch("SELECT * FROM things ORDER BY id")]
    await connection.close()
    pairs = [tuple(row) for row in usable if not str(row[0]).startswith("pg_toast")]  # named by the table's number
    return [await schema(url), pairs, [tuple(row) for row in at], things]


async def test_killed_at_any_boundary_in_and_outside_of_transactions_the_next_run_converges(
    engine_urls: EngineUrls, tmp_path: Path
) -> None:
    right, kills = await converged(engine_urls, revisions(tmp_path / "steps", STEPS), some=16)
    assert right == kills
    assert kills >= max(16, KILLS)


async def test_our_own_revisions_converge_as_well(engine_urls: EngineUrls) -> None:
    right, kills = await converged(engine_urls, MIGRATIONS, some=3)
    assert right == kills
    assert kills >= max(3, KILLS)
