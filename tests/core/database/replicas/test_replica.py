"""What is known of a replica is never ahead of it, and one that has failed somebody is left until it is well."""

import asyncio

import pytest
from structlog.testing import capture_logs

from tests.core.database.replicas.lamps import Lamps, brightness, since, until, went
from threadly.core import deadlines
from threadly.core.config import Secret
from threadly.core.database import Database, DatabaseSettings, DatabaseTooSlow
from threadly.core.database.replicas import Position, following
from threadly.core.database.replicas.position import START


def unwatched(lamps: Lamps, replica_url: str) -> Database:
    """The same database, at whose replica nobody looks."""
    return Database(DatabaseSettings(url=Secret(lamps.db_url), replicas=(Secret(replica_url),)))


async def test_a_new_connection_finds_out_that_the_replica_was_set_back(lamps: Lamps) -> None:
    """As one is that has crashed: it lets people in before it has replayed all that it had replayed."""
    db = unwatched(lamps, lamps.replica_url)
    assert db.replicas is not None
    (replica,) = db.replicas.all
    ahead = Position(1, lamps.replica.position.byte + (1 << 30))
    replica.trouble, replica.position = None, ahead
    before = went()
    with following(ahead):
        assert await brightness(db, 0) == 0
    assert since(before) == {"behind": 1}
    assert replica.position.byte < ahead.byte
    await db.close()


async def test_a_primary_that_is_named_as_a_replica_is_not_read_from_as_one(lamps: Lamps) -> None:
    db = unwatched(lamps, lamps.db_url)
    assert db.replicas is not None
    (replica,) = db.replicas.all
    async with db.watching_replicas():
        await until(lambda: replica.is_primary, "it is found out")
        before = went()
        with following(START):
            assert await brightness(db, 0) == 0
    assert since(before) == {"behind": 1}
    assert replica.trouble == "it is no replica"
    await db.close()


async def test_a_replica_that_is_doubted_cuts_off_who_waits_there_and_returns_after_two_good_looks(
    lamps: Lamps,
) -> None:
    with capture_logs() as logged:
        lent = await lamps.replica.lend()
        lamps.replica.doubt("a test says so")
        assert not lamps.replica.is_usable
        assert lamps.replica.trouble == "a test says so"
        lamps.replica.note(lent, ConnectionResetError())
        await lamps.replica.give_back(lent)
        before = went()
        assert await lamps.seen(0) == 0
        await until(lambda: lamps.replica.is_usable, "it returns")
    assert since(before) == {"behind": 1}
    assert [(line["event"], line["replica"]) for line in logged if "replica" in line] == [
        ("A replica is not read from.", "replica1"),
        ("A replica is read from.", "replica1"),
    ]
    assert lamps.replica._lent == set()


async def test_a_replica_whose_old_primary_lives_on_is_left_though_it_is_never_behind(lamps: Lamps) -> None:
    db = unwatched(lamps, lamps.replica_url)
    assert db.replicas is not None
    (replica,) = db.replicas.all
    log = db.replicas._log
    log._most_seconds = 0.05
    end = Position(lamps.replica.position.timeline + 1, 1)
    log.note(end)
    await asyncio.sleep(0.1)
    await replica._look()
    assert not replica.includes(START)
    assert replica.trouble == f"it does not follow the primary to timeline {end.timeline}"
    await db.close()


async def test_a_caller_who_came_too_late_throws_nobody_out(lamps: Lamps) -> None:
    db = unwatched(lamps, lamps.replica_url)
    assert db.replicas is not None
    (replica,) = db.replicas.all
    replica.trouble = None
    there = await replica.lend()
    with deadlines.within(0), pytest.raises(DatabaseTooSlow):
        await replica.lend()
    assert replica.is_usable
    assert not there.is_gone
    await replica.give_back(there)
    await db.close()
