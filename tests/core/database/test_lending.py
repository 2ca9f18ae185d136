"""Connections are lent in time or not at all, and none that is known to be dead."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta

import asyncpg
import pytest
from sqlalchemy import literal, select, text

from tests.conftest import Lines, database_settings
from tests.core.database.rotating import Role, role
from threadly.core.config import Secret
from threadly.core.database import (
    Database,
    DatabaseBusy,
    DatabaseNotForUs,
    DatabaseSettings,
    DatabaseTooSlow,
    DatabaseUnavailable,
)
from threadly.core.database.instruments import BRIDGED
from threadly.core.deadlines import within

__all__ = ["role"]  # a fixture lives where it is imported

NOBODY = "postgresql://nobody@127.0.0.1:1/nothing"


@pytest.fixture
async def small(empty_database_url: str) -> AsyncIterator[Database]:
    """With a pool of two."""
    db = Database(DatabaseSettings(url=Secret(empty_database_url), pool_size=2))
    yield db
    await db.close()


async def test_a_connection_that_is_known_to_be_closed_is_lent_to_nobody(small: Database) -> None:
    lent = await small.lender.lend(small.engine)
    driver = lent.driver
    await lent.give_back()
    driver.terminate()

    again = await small.lender.lend(small.engine)
    assert again.driver is not driver
    assert await again.connection.scalar(text("select 1")) == 1
    await again.give_back()


async def test_after_a_loss_the_connections_of_before_are_lent_to_nobody(small: Database) -> None:
    first, second = [await small.lender.lend(small.engine) for _ in range(2)]
    before = {first.driver, second.driver}
    await first.give_back()
    await second.give_back()

    small.lender.note_loss()

    third, fourth = [await small.lender.lend(small.engine) for _ in range(2)]
    after = {third.driver, fourth.driver}
    assert before.isdisjoint(after)
    await third.give_back()
    await fourth.give_back()
    fifth = await small.lender.lend(small.engine)
    assert fifth.driver in after
    await fifth.give_back()


async def test_that_a_password_was_changed_is_logged_once_and_so_is_its_end(role: Role, lines: Lines) -> None:
    db = Database(database_settings(role.url))
    kept = await db.lender.lend(db.engine)
    await role.change_password()
    for _ in range(3):
        with pytest.raises(DatabaseNotForUs):
            await db.lender.lend(db.engine)
    assert await kept.connection.scalar(text("select 1")) == 1, "it was made before"
    assert [(line["log_level"], line["sqlstate"]) for line in lines] == [("error", "28P01")]
    assert lines[0]["event"].startswith("PostgreSQL answers, and does not let us in")
    assert role.name not in str(lines)
    assert role.password not in str(lines)

    await role.change_password(back=True)
    for lent in [kept, *[await db.lender.lend(db.engine) for _ in range(2)]]:
        await lent.give_back()
    assert [line["event"] for line in lines[1:]] == ["PostgreSQL lets us in again."]
    await db.close()


async def test_the_beginning_of_an_absence_is_waited_out_and_the_rest_is_refused_at_once() -> None:
    db = Database(DatabaseSettings(url=Secret(NOBODY), pool_wait=timedelta(seconds=60)), bridged_seconds=0.5)
    bridged = BRIDGED._value.get()
    began = time.monotonic()
    with pytest.raises(DatabaseUnavailable):
        await db.lender.lend(db.engine)
    waited = time.monotonic() - began
    tries = BRIDGED._value.get() - bridged
    for _ in range(5):
        with pytest.raises(DatabaseUnavailable):
            await db.lender.lend(db.engine)
    assert 0.5 <= waited < 2.5
    assert tries > 3
    assert BRIDGED._value.get() - bridged == tries, "nobody waits it out twice"
    assert (db.lender.waiting, db.pool.checkedout()) == (0, 0)


async def test_who_wants_to_know_whether_the_server_is_there_waits_nothing_out() -> None:
    db = Database(DatabaseSettings(url=Secret(NOBODY)), bridged_seconds=0)
    bridged = BRIDGED._value.get()
    with pytest.raises(DatabaseUnavailable):
        await db.lender.lend(db.engine)
    assert BRIDGED._value.get() == bridged


async def test_nobody_waits_out_an_absence_for_longer_than_for_a_connection() -> None:
    db = Database(DatabaseSettings(url=Secret(NOBODY), pool_wait=timedelta(seconds=0.2)))
    began = time.monotonic()
    with pytest.raises(DatabaseUnavailable):
        await db.lender.lend(db.engine)
    assert time.monotonic() - began < 1.5


async def test_who_comes_while_the_server_starts_has_a_connection_as_soon_as_it_does(
    small: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries, connect = 0, asyncpg.connect

    async def starting(*arguments: object, **options: object) -> object:
        nonlocal tries
        tries += 1
        if tries < 4:
            raise ConnectionRefusedError
        return await connect(*arguments, **options)

    monkeypatch.setattr("asyncpg.connect", starting)
    lent = await asyncio.wait_for(small.lender.lend(small.engine), 5)
    assert tries == 4
    await lent.give_back()


async def test_of_those_who_wait_for_a_server_to_come_back_no_more_than_may_wait_do() -> None:
    db = Database(DatabaseSettings(url=Secret(NOBODY), pool_size=2, pool_waiters=3), bridged_seconds=60.0)
    waiting = [asyncio.create_task(db.lender.lend(db.engine)) for _ in range(3)]
    until = time.monotonic() + 10
    while not (db.lender.waiting == 3 and db.pool.checkedout() == 0):
        assert time.monotonic() < until
        await asyncio.sleep(0.001)
    for _ in range(20):
        with pytest.raises(DatabaseBusy):
            await db.lender.lend(db.engine)
    assert db.lender.waiting == 3
    for waiter in waiting:
        waiter.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert db.lender.waiting == 0


async def test_who_comes_first_and_has_hardly_any_time_is_told_so_and_the_next_is_served(
    empty_database_url: str,
) -> None:
    for milliseconds in range(1, 40):
        db = Database(DatabaseSettings(url=Secret(empty_database_url), pool_size=2))
        with suppress(DatabaseTooSlow), within(milliseconds / 1000):
            await (await db.lender.lend(db.engine)).give_back()
        async with db.read() as read:
            assert await read.scalar(select(literal(1))) == 1
        await db.close()
