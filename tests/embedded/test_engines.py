import asyncio
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from redis.asyncio import Redis

from tests.embedded.owners import SOURCE, an_owner, none_left, servers_in
from threadly.embedded import EngineFailed, blocking_engines, engines
from threadly.embedded.account import Account

NOBODY = 65534


def _pythons_for_everybody() -> Iterator[str]:
    """Where root may start a program as somebody else, the interpreters that somebody can reach."""
    anybody = Account(uid=NOBODY, gid=NOBODY, borrowed=True)
    for python in (sys.executable, shutil.which("python3", path=os.defpath)):
        if python and anybody.can_reach(Path(python).resolve()) and anybody.can_reach(SOURCE):
            yield python


WAYS = [pytest.param(sys.executable, None, id="as we are")]
if os.geteuid() == 0:
    WAYS += [pytest.param(python, NOBODY, id="as an ordinary user") for python in list(_pythons_for_everybody())[:1]]


@pytest.mark.parametrize(("python", "uid"), WAYS)
async def test_a_second_start_finds_the_data_of_the_first(python: str, uid: int | None, tmp_path: Path) -> None:
    home = Path("/tmp") / f"threadly-test-{os.getpid()}-{uid}"
    home.mkdir(mode=0o700)
    if uid is not None:
        os.chown(home, uid, uid)
    try:
        with an_owner(home / "data", python=python, uid=uid) as first:
            await _write(first.facts["database_url"], "kept")
            cache = Redis.from_url(first.facts["cache_url"])
            assert await cache.set("greeting", "hello")
            await cache.aclose()
            first.process.terminate()
            assert first.process.wait(5) == 0
        assert servers_in(home) == []

        with an_owner(home / "data", python=python, uid=uid) as second:
            assert await _read(second.facts["database_url"]) == ["kept"]
            cache = Redis.from_url(second.facts["cache_url"], decode_responses=True)
            assert await cache.get("greeting") == "hello"
            await cache.aclose()
            second.process.terminate()
            assert second.process.wait(5) == 0
    finally:
        shutil.rmtree(home)


async def test_only_the_engines_that_are_asked_for_are_started(data: Path) -> None:
    async with engines(data, postgres=False) as running:
        assert (running.database_url, running.administrator_url) == (None, None)
        assert running.cache_url
        assert servers_in(data, "postgres") == []
    async with engines(data, valkey=False) as running:
        assert running.database_url
        assert running.cache_url is None
        assert servers_in(data, "valkey") == []


async def test_an_ephemeral_folder_goes_at_the_end() -> None:
    async with engines(ephemeral=True, durable=False, postgres=False) as running:
        place = running.data
        assert place.is_dir()
    assert not place.exists()


def test_an_ephemeral_folder_goes_even_when_its_owner_is_killed(tmp_path: Path) -> None:
    with an_owner(tmp_path, ephemeral=True, durable=False) as owner:
        place = Path(owner.facts["data"])
        sockets = Path(owner.facts["cache_url"].partition("@")[2]).parent
        owner.process.kill()
        owner.process.wait()
    assert none_left(place)
    assert not place.exists()
    assert not sockets.exists()


async def test_data_that_is_kept_must_be_durable(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="must be durable"):
        async with engines(tmp_path / "data", durable=False):
            pass
    assert not (tmp_path / "data").exists()


async def test_when_one_engine_fails_the_other_is_stopped(data: Path) -> None:
    (data / "postgres" / "global" / "pg_control").unlink()
    with pytest.raises(EngineFailed):
        async with engines(data):
            pass
    assert servers_in(data) == []


async def test_a_start_that_is_cancelled_leaves_nothing_and_the_next_one_succeeds(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.25), engines(data):
            pytest.fail("started sooner than a database can be made")
    assert servers_in(data) == []
    assert not (data / "postgres").exists()

    async with engines(data) as running:
        assert running.database_url
        assert not (data / "postgres.new").exists()


async def test_an_engine_that_ends_by_itself_is_reported(data: Path) -> None:
    async with engines(data, postgres=False) as running:
        (server,) = servers_in(data, "valkey")
        os.kill(server, 9)
        lost = await asyncio.wait_for(running.lost(), 3)
    assert isinstance(lost, EngineFailed)
    assert "Valkey ended by itself" in str(lost)
    assert "Ready to accept connections" in lost.last_lines


def test_engines_run_for_code_that_is_not_asynchronous(data: Path) -> None:
    with blocking_engines(data) as running:
        assert servers_in(data, "postgres")
        assert servers_in(data, "valkey")
        assert running.data == data
    assert servers_in(data) == []


async def test_progress_is_told_in_sentences(tmp_path: Path) -> None:
    told: list[str] = []
    async with engines(tmp_path / "data", valkey=False, on_progress=told.append):
        pass
    assert told == ["Creating the database (first start only)"]


async def test_passwords_do_not_show_when_engines_are_printed(data: Path) -> None:
    async with engines(data) as running:
        assert "@" not in repr(running)


async def _write(url: str, word: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute("create table if not exists words (word text)")
    await connection.execute("insert into words values ($1)", word)
    await connection.close()


async def _read(url: str) -> list[str]:
    connection = await asyncpg.connect(url)
    rows = await connection.fetch("select word from words order by word")
    await connection.close()
    return [row["word"] for row in rows]
