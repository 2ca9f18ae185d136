"""`threadly demo`: a shop from one command, its check, its end, and what it refuses.

The shop of these tests is stocked beforehand, because drawing pictures takes long. That an empty one is filled is seen
by `./dev demo --check` on a bare machine.
"""

import asyncio
import os
import re
import signal
import socket
import stat
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select, text

from tests.conftest import database_settings
from tests.making import a_listing
from tests.processes import Program, alive, below, children, eventually, program
from threadly.commands.demo import DatabaseNotOurs, descendants, still_alive
from threadly.commands.demo.environment import complete, kept_secret
from threadly.commands.demo.prepare import prepare
from threadly.commands.terminal import Steps
from threadly.core.database import Database
from threadly.core.database.migrate import status, upgrade
from threadly.embedded import engines
from threadly.marketplace import catalog
from threadly.marketplace.media import Picture
from threadly.migrations import MIGRATIONS
from threadly.settings import Settings

LISTINGS = 30
A_PICTURE = b"RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a shop that was started before: two pages of listings, with pictures."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    asyncio.run(_stock(folder))
    return folder


async def _stock(folder: Path) -> None:
    async with engines(folder) as running:
        db = Database(database_settings(running.database_url or ""))
        await upgrade(db, MIGRATIONS)
        await db.run(catalog.install)
        for number in range(LISTINGS):
            await a_listing(db, price_minor=1000 + number)
        async with db.read() as read:
            names = [row.name for row in await read.execute(select(Picture.name))]
        await db.close()
    (folder / "media").mkdir()
    for name in names:
        for width in (320, 640, 1280):
            (folder / "media" / f"{name}-{width}.webp").write_bytes(A_PICTURE)


@pytest.fixture
def running(data: Path) -> Iterator[Program]:
    """A demo of that shop, once it answers."""
    with program("threadly", "demo", "--data", str(data), "--port", "0", "--workers", "1") as demo:
        demo.line("Ctrl-C")
        yield demo


def test_check_visits_everything_stops_everything_and_says_so(data: Path) -> None:
    with program("threadly", "demo", "--check", "--data", str(data), "--workers", "1") as demo:
        code, said = demo.finish(within=60)
    assert code == 0, said
    for visit in ("home", "department", "next page", "listing", "picture, 1280 px", "API: price_desc, next", "a job"):
        assert re.search(rf"✓\s+{visit}\s", said), visit
    assert "✗" not in said
    assert re.search(r"First page after \d+\.\d s\.", said)
    assert re.search(r"\d+ processes ended within \d\.\d s; none is left\.", said)


def test_a_check_that_misses_something_ends_with_1_and_the_reason(data: Path) -> None:
    hidden = (data / "media").rename(data / "hidden")
    try:
        with program("threadly", "demo", "--check", "--data", str(data), "--workers", "1") as demo:
            code, said = demo.finish(within=60)
    finally:
        hidden.rename(data / "media")
    assert code == 1
    assert "status 404, not 200" in said


def test_ctrl_c_ends_everything_within_five_seconds(running: Program, data: Path) -> None:
    family = below(running.pid)
    assert len(family) > 6  # two keepers, two engines, web server, web worker, job worker

    with program("threadly", "demo", "--data", str(data), "--port", "0") as second:
        code, said = second.finish(within=20)
    assert code == 2
    assert f"is in use by process {running.pid}" in said

    code, seconds = running.told(signal.SIGINT, within=10)
    assert (code, alive(family)) == (0, [])
    assert seconds < 5
    assert f"Your shop waits in {data}" in running.said[-1]
    assert stat.S_IMODE((data / "secret").stat().st_mode) == 0o600


@pytest.mark.parametrize("after_seconds", [0.3, 1.2, 2.0, 3.0])
def test_a_stop_while_it_starts_is_not_lost(after_seconds: float, data: Path) -> None:
    with program("threadly", "demo", "--data", str(data), "--port", "0", "--workers", "1") as demo:
        time.sleep(after_seconds)
        family = below(demo.pid)
        code, seconds = demo.told(signal.SIGTERM, within=10)
    assert code in {0, -signal.SIGTERM}
    assert seconds < 5
    eventually(lambda: not alive(family), within=5, what="everything has ended")


def test_a_demo_killed_with_9_leaves_no_process_and_starts_again(running: Program, data: Path) -> None:
    family = below(running.pid)
    running.process.kill()
    assert eventually(lambda: not alive(family), within=10, what="everything has ended") < 5


def test_the_end_of_a_part_ends_the_demo_with_1_and_the_reason(running: Program) -> None:
    family = below(running.pid)
    victim = next(pid for pid in children(running.pid) if b"\0serve\0" in _command(pid))
    os.kill(victim, signal.SIGKILL)
    code, said = running.finish(within=10)
    assert code == 1
    assert "The web server was ended by SIGKILL. The end of " in said
    assert "web.log:\n    Threadly answers at http://127.0.0.1:" in said
    eventually(lambda: not alive(family), within=5, what="everything has ended")


def test_a_port_that_was_asked_for_and_is_taken_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with program("threadly", "demo", "--data", str(tmp_path / "data"), "--port", str(port)) as demo:
            code, said = demo.finish(within=20)
    assert code == 2
    assert f"Port {port} of 127.0.0.1 is taken by another program." in said
    assert list(tmp_path.iterdir()) == []


async def test_a_database_with_tables_of_something_else_is_refused_and_stays_as_it_is(
    empty_database_url: str, settings: Settings
) -> None:
    db = Database(database_settings(empty_database_url))
    async with db.engine.begin() as connection:
        await connection.execute(text("CREATE TABLE somebody_elses (id int)"))
    theirs = settings.model_copy(update={"database": database_settings(empty_database_url)})

    with pytest.raises(DatabaseNotOurs, match="holds 1 tables of something else"):
        await prepare(theirs, Steps(), own_database=True, listings=1, seed=1)

    assert (await status(db, MIGRATIONS)).current is None
    await db.close()


async def test_a_database_of_ones_own_with_listings_gets_no_sample_data(
    db: Database, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    await a_listing(db)
    prepared = await prepare(settings, Steps(), own_database=True, listings=50, seed=1)
    assert (prepared.listings, prepared.sellers, prepared.first_start) == (1, 1, False)
    assert prepared.some_sellers == ("Мила É",)
    assert "Your database has 1 listing already, so no sample data was added." in capsys.readouterr().out


@pytest.mark.parametrize("name", ["DATABASE_URL", "THREADLY_DATABASE__URL"])
def test_what_the_owner_has_set_stays(name: str, tmp_path: Path) -> None:
    given: Mapping[str, str] = {name: "postgresql://theirs", "PATH": "/bin"}
    whole = complete(given, data=tmp_path, database_url=None, cache_url="unix://ours")
    settings = Settings.from_environment(whole)
    assert settings.database.url == SecretStr("postgresql://theirs")
    assert settings.cache.url == SecretStr("unix://ours")
    assert settings.media.folder == tmp_path / "media"
    assert whole["PATH"] == "/bin"


def test_the_secret_is_made_once_and_private(tmp_path: Path) -> None:
    place = tmp_path / "secret"
    made = kept_secret(place)
    assert len(made) >= 32
    assert kept_secret(place) == made
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [place]


def test_processes_below_are_found_at_any_depth_and_told_apart_from_the_dead() -> None:
    with program("tests.served_app", "app", "0", "1", "1") as server:
        server.line("http://")
        below_us = descendants()
        assert {server.pid, *children(server.pid)} <= {process.pid for process in below_us}
        ours = frozenset(process for process in below_us if process.pid in {server.pid, *children(server.pid)})
        assert set(still_alive(ours)) == ours
        server.told(signal.SIGTERM, within=5)
        assert still_alive(ours) == []


def _command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()
