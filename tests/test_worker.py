"""The worker of Threadly itself."""

import asyncio
import logging
from datetime import timedelta

import pytest

from tests.core.database.jobs import shop
from threadly.core.auth import PruneSessions
from threadly.core.database import outbox
from threadly.core.database.jobs import JobsSettings, PruneInbox
from threadly.marketplace.favourites import MendCounts, RefreshTrends
from threadly.marketplace.listings import ForgetLooks
from threadly.marketplace.media import SweepPictures
from threadly.marketplace.search import RefreshTerms
from threadly.wiring import Services
from threadly.worker import handlers, work

QUICK = JobsSettings(poll=timedelta(milliseconds=50))


def test_what_is_done_from_time_to_time() -> None:
    assert list(handlers().schedules) == [
        (timedelta(hours=1), PruneInbox()),
        (timedelta(hours=6), SweepPictures()),
        (timedelta(hours=6), ForgetLooks()),
        (timedelta(hours=1), PruneSessions()),
        (timedelta(hours=1), RefreshTerms()),
        (timedelta(hours=6), MendCounts()),
        (timedelta(minutes=5), RefreshTrends()),
    ]


async def test_it_works_until_it_is_told_to_stop_and_says_so(
    installed: Services, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "threadly.worker")
    stop = asyncio.Event()
    working = asyncio.create_task(work(installed, stop=stop, handlers=handlers(), settings=QUICK))
    await shop.change(
        installed.db,
        "INSERT INTO inbox (consumer, message_id, received_at) VALUES ('x', '1', now() - interval '1 year')",
    )
    await shop.enqueue(installed.db, PruneInbox())

    await shop.eventually(lambda: shop.nothing_left(installed.db))

    assert await shop.count(installed.db, "inbox") == 0
    stop.set()
    await asyncio.wait_for(working, 2)
    begun, ended = [record.getMessage() for record in caplog.records]
    assert begun.endswith("works.")
    assert ended.endswith("has stopped: 1 done, 0 failed, 0 put back.")


async def test_every_message_that_is_handled_has_its_place_in_the_table_of_handlers(installed: Services) -> None:
    known = handlers()
    for kind in (*outbox.Job.__subclasses__(), *outbox.Event.__subclasses__()):
        if kind.__module__.startswith("threadly."):
            assert kind.name in {*known.names, *known.subscribers}, f"nobody handles {kind.__qualname__}"
