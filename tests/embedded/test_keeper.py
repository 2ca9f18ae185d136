"""Deaths of every kind: nothing is left running, what was committed is there at the next start."""

import asyncio
import json
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import asyncpg
import pytest

from tests.embedded.owners import Owner, an_owner, none_left, servers_in, starting
from threadly.embedded import engines

Victims = Callable[[Owner, Path], list[int]]


def _postmaster(_owner: Owner, data: Path) -> list[int]:
    return [int((data / "postgres" / "postmaster.pid").read_text().split()[0])]


def _owner_alone(owner: Owner, _data: Path) -> list[int]:
    return [owner.process.pid]


def _all_of(program: str) -> Victims:
    return lambda _owner, data: servers_in(data, program)


def _owner_and_keepers(owner: Owner, data: Path) -> list[int]:
    return [owner.process.pid, *servers_in(data, "keeper")]


def _everything(owner: Owner, data: Path) -> list[int]:
    return [owner.process.pid, *servers_in(data)]


@pytest.mark.parametrize(
    ("case", "victims"),
    [
        ("the owner", _owner_alone),
        ("the postmaster", _postmaster),
        ("every process of PostgreSQL", _all_of("postgres")),
        ("Valkey", _all_of("valkey-server")),
        ("the keepers", _all_of("keeper")),
        ("the owner and the keepers", _owner_and_keepers),
        ("everything", _everything),
    ],
)
async def test_after_a_kill_the_next_start_finds_what_was_committed(case: str, victims: Victims, data: Path) -> None:
    with an_owner(data) as owner:
        await _commit(owner.facts["database_url"])
        for victim in victims(owner, data):
            with suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
        owner.process.kill()
        owner.process.wait()

        async with engines(data) as running:  # at once: it waits for those who are still on their way out
            assert running.database_url
            assert await _count(running.database_url) == 1, case
    assert servers_in(data) == [], case


async def test_a_killed_backend_takes_nobody_with_it(data: Path) -> None:
    async with engines(data, valkey=False) as running:
        assert running.database_url
        connection = await asyncpg.connect(running.database_url)
        backend = await connection.fetchval("select pg_backend_pid()")
        os.kill(backend, signal.SIGKILL)
        with pytest.raises((asyncpg.PostgresConnectionError, ConnectionError, asyncpg.InterfaceError)):
            await connection.fetchval("select 1")
        connection.terminate()

        async with asyncio.timeout(5):
            while not await _answers(running.database_url):  # noqa: ASYNC110  a server tells nobody
                await asyncio.sleep(0.05)


async def test_a_database_whose_owner_was_killed_is_shut_down_properly(data: Path) -> None:
    with an_owner(data, valkey=False) as owner:
        owner.process.kill()
        owner.process.wait()
    assert none_left(data)
    assert (data / "postgresql.log").read_text().rstrip().endswith("database system is shut down")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_ends_everything_within_five_seconds_even_in_the_middle_of_work(
    number: signal.Signals, data: Path
) -> None:
    with an_owner(data) as owner:
        connection = await asyncpg.connect(owner.facts["database_url"])
        counting = asyncio.create_task(connection.fetchval("select count(*) from generate_series(1, 1000000000)"))
        await asyncio.sleep(0.3)

        began = time.monotonic()
        os.killpg(owner.process.pid, number)  # as the terminal does it
        assert await asyncio.to_thread(owner.process.wait, 5) == 0
        assert time.monotonic() - began < 5
        assert servers_in(data) == []
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
            await counting


async def test_a_frozen_server_does_not_outlast_the_five_seconds(data: Path) -> None:
    with an_owner(data) as owner:
        for server in (*_postmaster(owner, data), *servers_in(data, "valkey-server")):
            os.kill(server, signal.SIGSTOP)
        began = time.monotonic()
        owner.process.terminate()
        assert await asyncio.to_thread(owner.process.wait, 8) == 0
        assert time.monotonic() - began < 5
        assert servers_in(data) == []


async def test_a_database_that_was_killed_while_it_was_made_is_made_again(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with starting(data, valkey=False) as owner:
        while not servers_in(data, "postgres"):  # noqa: ASYNC110  nor does one that is being made
            await asyncio.sleep(0.005)
        for victim in (owner.pid, *servers_in(data)):
            with suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
        owner.wait()
    assert none_left(data)
    assert not (data / "postgres").exists()

    async with engines(data, valkey=False) as running:
        assert running.database_url
        assert await _answers(running.database_url)


async def test_signals_to_the_keepers_do_not_take_the_database_away(data: Path) -> None:
    async with engines(data) as running:
        assert running.database_url
        for keeper in servers_in(data, "keeper"):
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                os.kill(keeper, number)
        await asyncio.sleep(0.1)
        assert await _answers(running.database_url)


async def test_children_of_a_killed_owner_keep_neither_servers_alive_nor_the_folder_locked(data: Path) -> None:
    script = (
        "import json, os, sys, time\n"
        "from pathlib import Path\n"
        "from threadly.embedded import blocking_engines\n"
        "with blocking_engines(Path(sys.argv[1]), postgres=False):\n"
        "    child = os.fork()\n"
        "    if child: sys.stdout.write(json.dumps({'child': child}) + '\\n'); sys.stdout.flush()\n"
        "    time.sleep(60)\n"
    )
    place = data.parent / "forking.py"
    place.write_text(script)
    with starting(data, place) as owner:
        assert owner.stdout is not None
        child = json.loads(owner.stdout.readline())["child"]
        try:
            owner.kill()
            owner.wait()
            assert none_left(data)
            async with engines(data, postgres=False) as running:
                assert running.cache_url
        finally:
            os.kill(child, signal.SIGKILL)


async def _commit(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute("create table facts as select 1 as fact")
    await connection.close()


async def _count(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval("select count(*) from facts"))
    finally:
        await connection.close()


async def _answers(url: str) -> bool:
    try:
        connection = await asyncpg.connect(url)
    except (asyncpg.PostgresError, OSError):
        return False
    try:
        return bool(await connection.fetchval("select true"))
    finally:
        await connection.close()
