"""Looks at listings, where a count loses its connection at its COMMIT: none is lost by that, and none counted twice."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from tests.faults.proxy import Fault, Proxy, Towards
from tests.marketplace.listings.looking import looked, views
from tests.marketplace.listings.selling import a_seller
from threadly.core.config import Secret
from threadly.core.database import Database
from threadly.marketplace import listings
from threadly.wiring import Services

GATE = 4711
COMMITS_WAIT = f"""
    CREATE FUNCTION wait_at_the_gate() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN PERFORM pg_advisory_xact_lock_shared({GATE}); RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER gate AFTER INSERT OR UPDATE ON listing_view_counts
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait_at_the_gate();
"""
AT_THE_GATE = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND NOT granted"


@pytest.fixture
async def gate(owner_url: str) -> AsyncIterator[asyncpg.Connection]:
    """Whoever counts is held at the COMMIT while this session has the gate's lock."""
    connection = await asyncpg.connect(owner_url)
    await connection.execute(COMMITS_WAIT)
    yield connection
    await connection.close()


@contextmanager
def through_a_proxy(installed: Services) -> Iterator[tuple[Services, Proxy]]:
    """The same installation, which reaches its database through a proxy."""
    direct = urlsplit(installed.settings.database.url.get_secret_value())
    socket = Path(direct.query.removeprefix("host=")) / ".s.PGSQL.5432"
    with Proxy(socket).running() as proxy:
        place = f"{direct.username}:{direct.password}@127.0.0.1:{proxy.port}{direct.path}?sslmode=disable"
        settings = installed.settings.database.model_copy(update={"url": Secret(f"postgresql://{place}")})
        yield replace(installed, db=Database(settings)), proxy


async def who_waits(gate: asyncpg.Connection) -> int:
    """The session that has been sent a COMMIT, and waits."""
    for _ in range(200):
        if (pid := await gate.fetchval(AT_THE_GATE, GATE)) is not None:
            return int(pid)
        await asyncio.sleep(0.05)
    raise AssertionError("nobody waits")


@pytest.mark.parametrize(("case", "takes_effect"), [("undone", False), ("committed, and the answer is lost", True)])
async def test_after_a_commit_that_nobody_answered_each_look_is_counted_once(
    installed: Services, gate: asyncpg.Connection, case: str, takes_effect: bool
) -> None:
    id = await (await a_seller(installed.db)).sells()
    looked(installed.audience, id, "192.0.2.1")
    await listings.count_now(installed, installed.audience)
    looked(installed.audience, id, "192.0.2.2")
    looked(installed.audience, id, "192.0.2.3")

    with through_a_proxy(installed) as (faltering, proxy):
        await gate.execute("SELECT pg_advisory_lock($1)", GATE)
        counting = asyncio.create_task(listings.count_now(faltering, installed.audience))
        pid = await who_waits(gate)
        looked(installed.audience, id, "192.0.2.4")  # meanwhile
        with proxy.suffering(Fault(cuts_after=0), Towards.CLIENT):
            if not takes_effect:
                await gate.execute("SELECT pg_terminate_backend($1)", pid)
            await gate.execute("SELECT pg_advisory_unlock($1)", GATE)
            assert not await counting, case
        assert await views(installed.db, id) == (3 if takes_effect else 1), case
        assert len(installed.audience) == 3

        assert await listings.count_now(faltering, installed.audience)
        await faltering.db.close()

    assert len(installed.audience) == 0
    assert await views(installed.db, id) == 4, case


async def test_a_count_that_is_made_again_while_the_first_is_still_at_its_commit_counts_each_look_once(
    installed: Services, gate: asyncpg.Connection
) -> None:
    id = await (await a_seller(installed.db)).sells()
    looked(installed.audience, id, "192.0.2.1")
    looked(installed.audience, id, "192.0.2.2")

    await gate.execute("SELECT pg_advisory_lock($1)", GATE)
    first = asyncio.create_task(listings.count_now(installed, installed.audience))
    await who_waits(gate)
    looked(installed.audience, id, "192.0.2.1")  # as another process has it, or this one after it gave up
    looked(installed.audience, id, "192.0.2.3")
    second = asyncio.create_task(listings.count_now(installed, installed.audience))
    await asyncio.sleep(0.2)
    assert not second.done()
    await gate.execute("SELECT pg_advisory_unlock($1)", GATE)

    assert all(await asyncio.gather(first, second))
    assert await views(installed.db, id) == 3
