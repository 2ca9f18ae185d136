"""The fault matrix: each engine in each kind of trouble, while the real server is asked all kinds of things.

Whatever happens, every answer keeps its bound, and is right or a typed refusal; afterwards all is well within seconds,
nothing stays taken, and what was refused has been counted. The long form: THREADLY_TEST_FAULT_ROUNDS=20.
"""

import asyncio
import os
import random
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import asyncpg
import httpx
import pytest

from tests.conftest import database_settings
from tests.faults.breakable import MEMORY, PostgreSQL, Served, Valkey, serving
from tests.faults.questions import DRESS, NAME, PASSWORD, Outcome, Question, ask, ask_all, asking_at, of_a_shop, probes
from tests.faults.troubles import TROUBLES, Trouble
from tests.making import a_listing, a_member, a_session
from tests.processes import program
from threadly.core import clock
from threadly.core.database import Database
from threadly.core.database.migrate import upgrade
from threadly.migrations import MIGRATIONS

ROUNDS: Final = int(os.environ.get("THREADLY_TEST_FAULT_ROUNDS", "1"))
POOL: Final = 3
WAIT_SECONDS: Final = 0.5
STATEMENT_SECONDS: Final = 0.5
SILENCE_SECONDS: Final = 1.0
"""What a server that hangs is given beyond a statement's time: `threadly.core.database`'s own."""
SLACK_SECONDS: Final = 2.0
"""For a machine that has other things to do."""
BOUND_SECONDS: Final = WAIT_SECONDS + STATEMENT_SECONDS + SILENCE_SECONDS + SLACK_SECONDS
PROBE_SECONDS: Final = 1.4
"""A probe takes milliseconds. One that asked a server that hangs would wait for a statement's time and its silence."""
WELL_SECONDS: Final = 3.0
LOOKED_SECONDS: Final = 8.0
"""A look each two seconds, of which one may wait for a second; then the worker reports it."""
STOP_SECONDS: Final = 8.0
"""Half a second for each pool; the rest is for the processes, and for a busy machine."""
PATIENCE_SECONDS: Final = 15.0
OF_VALKEY: Final = [
    trouble
    for trouble in TROUBLES
    if not trouble.is_harmless and trouble.name != "cut in the midst of an answer"  # all it says is shorter
]
SHORTLY: Final = {"stopped", "killed", "cut in the midst of a short answer"}


@dataclass(frozen=True, slots=True)
class Shop:
    """What is asked, and of whom."""

    served: Served
    postgresql: PostgreSQL
    valkey: Valkey
    questions: list[Question]


@pytest.fixture(scope="module")
def engines() -> Iterator[tuple[PostgreSQL, Valkey]]:
    """Both, behind their proxies."""
    with ExitStack() as living:
        folder = Path(living.enter_context(TemporaryDirectory(dir=MEMORY)))
        postgresql, valkey = PostgreSQL(folder / "a"), Valkey(folder / "b")
        for engine in (postgresql, valkey):
            living.enter_context(engine.proxy.running())
            living.callback(engine.stop)
            engine.start()
        yield postgresql, valkey


@pytest.fixture(scope="module")
def environment(engines: tuple[PostgreSQL, Valkey], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the processes are told."""
    postgresql, valkey = engines
    return {
        "THREADLY_DATABASE__URL": postgresql.url,
        "THREADLY_DATABASE__POOL_SIZE": str(POOL),
        "THREADLY_DATABASE__POOL_WAIT": f"PT{WAIT_SECONDS}S",
        "THREADLY_DATABASE__STATEMENT_TIMEOUT": f"PT{STATEMENT_SECONDS}S",
        "THREADLY_CACHE__URL": valkey.url,
        "THREADLY_MEDIA__FOLDER": str(tmp_path_factory.mktemp("media")),
        "THREADLY_SECURITY__SECRET": "kT4nVb7x2qLw9sYc5mRz8eHj3uPa6fGd",
        "THREADLY_AUTH__HASH_MEMORY_KIB": str(8 * 1024),
        "THREADLY_AUTH__HASH_PASSES": "1",
        "THREADLY_OBSERVABILITY__HEALTH__NOT_READY": "PT0S",
    }


@pytest.fixture(scope="module")
async def shop(engines: tuple[PostgreSQL, Valkey], environment: dict[str, str]) -> AsyncIterator[Shop]:
    """Served by one worker, with one listing and two members; in the end it is stopped while PostgreSQL hangs."""
    postgresql, valkey = engines
    db = Database(database_settings(postgresql.direct_url))
    await upgrade(db, MIGRATIONS)
    listing = await a_listing(db, title=DRESS)
    token = (await a_session(db, (await a_member(db)).id)).token
    await db.close()
    with serving(environment) as served:
        async with asking_at(served.url) as client:
            form = {"username": NAME, "email": "mila@shop.example", "password": PASSWORD}
            assert (await client.post("/sign-up", data=form)).status_code == 303
            listed = (await client.get("/api/v1/listings")).json()
        yield Shop(served, postgresql, valkey, of_a_shop(str(listing.id), token, listed))
        with postgresql.frozen():
            began = time.monotonic()
            assert served.stop() == (0, False)
            assert time.monotonic() - began < STOP_SECONDS
        assert "Exception closing" not in "".join(served.server.said)


@pytest.mark.parametrize("trouble", TROUBLES * ROUNDS, ids=lambda trouble: trouble.name)
async def test_with_postgresql_in_trouble_every_answer_keeps_its_bound_and_afterwards_all_is_well(
    shop: Shop, trouble: Trouble
) -> None:
    refused_before, lost_before, unreached_before = refusals(shop), losses(shop), unreached(shop)
    async with asking_at(shop.served.url) as client:
        outcomes = await until_well(client, shop)
        under_way = asyncio.create_task(ask_all(client, shop.questions, patience=PATIENCE_SECONDS))
        await asyncio.sleep(random.uniform(0, 0.05))  # in the midst of anything
        with trouble.of(shop.postgresql):
            asking = asyncio.create_task(ask_all(client, shop.questions, patience=PATIENCE_SECONDS, times=2))
            probed = await ask_in_turn(client, probes(shop.served.private))
            outcomes += await under_way + await asking
            outcomes += await ask_all(client, shop.questions, patience=PATIENCE_SECONDS)  # on new connections
            probed += await ask_in_turn(client, probes(shop.served.private))
        over = time.monotonic()
        outcomes += await until_well(client, shop)
        well_after = time.monotonic() - over

    assert [each for each in outcomes if each.verdict not in {"right", "refused"}] == []
    assert max(each.seconds for each in outcomes) < BOUND_SECONDS
    assert [each for each in probed if each.seconds > PROBE_SECONDS or each.status not in {200, 503}] == []
    assert {each.verdict for each in probed if each.question == "/livez"} == {"right"}
    assert well_after < WELL_SECONDS
    refused = sum(each.verdict == "refused" for each in outcomes)
    await eventually_is(lambda: refusals(shop) - refused_before, refused)
    if trouble.is_harmless:  # no statement is lost, though on a slow machine one may wait in vain for a connection
        assert refused <= unreached(shop) - unreached_before
    else:
        assert refused
    assert losses(shop) - lost_before >= refused
    await eventually_is(lambda: shop.served.sum("threadly_db_connections", 'state="used"'), 0)
    assert shop.served.sum("threadly_db_waiting") == 0
    assert await left_behind(shop.postgresql) == []


@pytest.mark.parametrize(
    "trouble",
    [trouble for trouble in OF_VALKEY * ROUNDS if ROUNDS > 1 or trouble.name in SHORTLY],
    ids=lambda trouble: trouble.name,
)
async def test_with_valkey_in_trouble_all_is_answered_as_ever_and_health_tells_of_it(
    shop: Shop, trouble: Trouble
) -> None:
    await eventually_is(lambda: shop.served.is_ready, True)  # again, after the trouble before
    async with asking_at(shop.served.url) as client:
        with trouble.of(shop.valkey):
            began = clock.now()
            outcomes = await ask_all(client, shop.questions, patience=PATIENCE_SECONDS)
            await eventually_is(lambda: is_seen(shop, since=began, well=False), True, within=LOOKED_SECONDS)
            outcomes += await ask_all(client, shop.questions, patience=PATIENCE_SECONDS)
            probed = await ask_in_turn(client, probes(shop.served.private))
        began = clock.now()
        await eventually_is(lambda: is_seen(shop, since=began, well=True), True, within=LOOKED_SECONDS)

    assert {each.verdict for each in outcomes + probed} == {"right"}
    assert max(each.seconds for each in outcomes) < SLACK_SECONDS
    assert max(each.seconds for each in probed) < PROBE_SECONDS


async def test_a_job_worker_ends_in_time_while_postgresql_hangs(shop: Shop, environment: dict[str, str]) -> None:
    with program("threadly", "work", environment=environment) as worker:
        worker.line("A worker works.")
        until = time.monotonic() + PATIENCE_SECONDS
        while len(await sessions(shop.postgresql, "work")) < 2:
            assert time.monotonic() < until, "it has connections"
            await asyncio.sleep(0.05)
        with shop.postgresql.frozen():
            code, seconds = worker.told(signal.SIGTERM, within=PATIENCE_SECONDS)
    assert code == 0
    assert seconds < STOP_SECONDS
    assert "Exception closing" not in "".join(worker.said)


async def ask_in_turn(client: httpx.AsyncClient, questions: list[Question]) -> list[Outcome]:
    """One after another."""
    return [await ask(client, question, patience=PATIENCE_SECONDS) for question in questions]


async def until_well(client: httpx.AsyncClient, shop: Shop) -> list[Outcome]:
    """Asks everything again and again until all of it is right; all that was answered."""
    outcomes: list[Outcome] = []
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        now = await ask_all(client, shop.questions, patience=PATIENCE_SECONDS)
        outcomes += now
        if all(each.verdict == "right" for each in now):
            break
        await asyncio.sleep(0.05)
    return outcomes


async def eventually_is(told: Callable[[], Any], expected: object, *, within: float = PATIENCE_SECONDS) -> None:
    """Waits until workers have reported so."""
    until = time.monotonic() + within
    while (seen := await asyncio.to_thread(told)) != expected:
        assert time.monotonic() < until, f"{seen}, not {expected}"
        await asyncio.sleep(0.1)


def refusals(shop: Shop) -> int:
    """How many answers with 503 the server has counted, but for probes."""
    told = shop.served.sum("threadly_http_requests_total", 'status="503"')
    return int(told - shop.served.sum("threadly_http_requests_total", 'status="503"', 'route="/readyz"'))


def losses(shop: Shop) -> float:
    """How many statements have failed, and connections were not to be had."""
    return shop.served.sum("threadly_db_errors_total") + unreached(shop)


def unreached(shop: Shop) -> float:
    """How often connections were not to be had."""
    return shop.served.sum("threadly_db_unreached_total")


def is_seen(shop: Shop, *, since: datetime, well: bool) -> bool:
    """Whether the last look at Valkey was after this moment, and saw that it does, or does not."""
    (detail,) = shop.served.health()["checks"]["valkey:responseTime"]
    if "time" not in detail or datetime.fromisoformat(detail["time"]) < since:
        return False
    saw_trouble = detail.get("unconfirmed", "").startswith("warn") or (
        detail["status"] == "warn" and "unconfirmed" not in detail
    )
    return saw_trouble is not well


async def left_behind(postgresql: PostgreSQL) -> list[Any]:
    """The sessions of requests that PostgreSQL takes for busy."""
    return [session for session in await sessions(postgresql, "web") if session["state"] != "idle"]


async def sessions(postgresql: PostgreSQL, process: str) -> list[Any]:
    """What PostgreSQL tells of the connections of such processes."""
    connection = await asyncpg.connect(postgresql.direct_url)
    try:
        return list(
            await connection.fetch(
                "SELECT application_name, state, query FROM pg_stat_activity WHERE application_name LIKE $1",
                f"threadly/% {process}%",
            )
        )
    finally:
        await connection.close()
