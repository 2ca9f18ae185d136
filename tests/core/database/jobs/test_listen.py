"""Notifications are heard, and a connection that is lost is made anew."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.conftest import Lines
from tests.core.database.jobs import shop
from threadly.core.database import Database, driver_url
from threadly.core.database.jobs.listen import listen
from threadly.embedded import with_database


class Ear:
    """Counts what it hears."""

    def __init__(self) -> None:
        self.heard = 0

    def __call__(self) -> None:
        self.heard += 1


@pytest.fixture
async def ear(db: Database, database_url: str) -> AsyncIterator[Ear]:
    """Listens to `bells`; has heard once, as at each new connection."""
    ear = Ear()
    listening = asyncio.create_task(listen(driver_url(database_url), "bells", ear))
    await shop.eventually(lambda: _is(ear, 1))
    yield ear
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


async def _is(ear: Ear, heard: int) -> bool:
    return ear.heard == heard


async def test_each_notification_is_heard_once_and_those_of_others_are_not(db: Database, ear: Ear) -> None:
    await shop.change(db, "NOTIFY other")
    await shop.change(db, "NOTIFY bells")
    await shop.change(db, "NOTIFY bells, 'again'")
    await shop.eventually(lambda: _is(ear, 3))
    await asyncio.sleep(0.05)
    assert ear.heard == 3


async def test_a_lost_connection_is_made_anew_and_what_was_missed_is_told(db: Database, ear: Ear, lines: Lines) -> None:
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'threadly bells'"
    await shop.change(db, cut)
    await shop.change(db, "NOTIFY bells")  # to nobody
    await shop.eventually(lambda: _is(ear, 2))
    await shop.change(db, "NOTIFY bells")
    await shop.eventually(lambda: _is(ear, 3))
    assert [(line["event"], line["channel"]) for line in lines] == [
        ("PostgreSQL is not heard; the connection is tried until it is back.", "bells"),
        ("PostgreSQL is heard again.", "bells"),
    ]


async def test_who_cannot_connect_keeps_trying_until_cancelled_and_says_so_once(
    lines: Lines,
) -> None:
    ear = Ear()
    listening = asyncio.create_task(listen("postgresql://nobody@127.0.0.1:1/nowhere", "bells", ear))
    await asyncio.sleep(1.2)  # three times
    assert not listening.done()
    assert ear.heard == 0
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    assert [(line["event"], line["failure"]) for line in lines] == [
        ("PostgreSQL is not heard; the connection is tried until it is back.", "ConnectionRefusedError")
    ]


async def test_it_says_why_so_that_a_wrong_address_does_not_look_like_absence(database_url: str, lines: Lines) -> None:
    async with asyncio.TaskGroup() as group:
        elsewhere = driver_url(with_database(database_url, "nowhere"))
        listening = group.create_task(listen(elsewhere, "bells", Ear()))
        await shop.eventually(lambda: _told(lines))
        listening.cancel()
    assert lines[0]["failure"] == "3D000"  # PostgreSQL's code for a database that is not there


async def _told(lines: Lines) -> bool:
    return bool(lines)
