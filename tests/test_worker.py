"""The worker of Threadly itself."""

import asyncio
from datetime import timedelta

from sqlalchemy import select, text

from tests.conftest import Lines
from tests.core.database.jobs import shop
from threadly.core.audit.events import PruneEvents
from threadly.core.auth import PruneSessions
from threadly.core.database import outbox
from threadly.core.database.jobs import Handlers, JobsSettings, PruneInbox, Run
from threadly.core.database.softdelete.purge import PurgeDeleted
from threadly.core.observability import Work, current
from threadly.marketplace.favourites import MendCounts, RefreshTrends
from threadly.marketplace.listings import ForgetLooks
from threadly.marketplace.media import SweepPictures
from threadly.marketplace.search import RefreshTerms
from threadly.settings import Settings
from threadly.wiring import Services, services
from threadly.worker import handlers, main, work

QUICK = JobsSettings(poll=timedelta(milliseconds=50))
NOT_OURS = {PurgeDeleted}
"""Messages of core that Threadly has no use for: no table of its is deleted softly."""


def test_what_is_done_from_time_to_time() -> None:
    assert list(handlers().schedules) == [
        (timedelta(hours=1), PruneInbox()),
        (timedelta(hours=6), SweepPictures()),
        (timedelta(hours=6), ForgetLooks()),
        (timedelta(hours=1), PruneSessions()),
        (timedelta(hours=1), PruneEvents()),
        (timedelta(hours=1), RefreshTerms()),
        (timedelta(hours=6), MendCounts()),
        (timedelta(minutes=5), RefreshTrends()),
    ]


async def test_it_works_until_it_is_told_to_stop_and_says_so(installed: Services, lines: Lines) -> None:
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
    begun, ended = lines
    assert begun["event"] == "A worker works."
    assert ended == {
        "event": "A worker has stopped.",
        "worker": begun["worker"],
        "done": 1,
        "failed": 0,
        "put_back": 0,
        "log_level": "info",
    }


async def test_every_message_that_is_handled_has_its_place_in_the_table_of_handlers(installed: Services) -> None:
    known = handlers()
    for kind in (*outbox.Job.__subclasses__(), *outbox.Event.__subclasses__()):
        if kind.__module__.startswith("threadly."):
            is_handled = kind.name in {*known.names, *known.subscribers}
            assert is_handled is (kind not in NOT_OURS), f"who handles {kind.__qualname__}?"


async def test_a_jobs_statement_may_run_longer_than_a_requests(settings: Settings) -> None:
    told: list[tuple[str, str]] = []
    stop = asyncio.Event()
    own = settings.model_copy(
        update={
            "database": settings.database.model_copy(update={"statement_timeout": timedelta(seconds=5)}),
            "jobs": QUICK.model_copy(update={"statement_timeout": timedelta(minutes=7)}),
        }
    )

    async def tell(context: Services, _job: PruneInbox, _run: Run) -> None:
        async with context.db.read() as read:
            told.append(("job", await read.scalar(select(text("current_setting('statement_timeout')")))))
        stop.set()

    def only_telling() -> Handlers[Services]:
        table = Handlers[Services]()
        table.job(PruneInbox, tell)
        return table

    async with services(own) as web:
        await shop.enqueue(web.db, PruneInbox())
        async with web.db.read() as read:
            told.append(("request", await read.scalar(select(text("current_setting('statement_timeout')")))))
    await asyncio.wait_for(main(own, handlers=only_telling, stop=stop), 10)
    assert told == [("request", "5s"), ("job", "7min")]


async def test_what_is_told_while_a_job_runs_says_which_it_is(installed: Services) -> None:
    seen: list[Work | None] = []

    async def look(_context: Services, _job: PruneInbox, _run: Run) -> None:
        seen.append(current())

    table = Handlers[Services]()
    table.job(PruneInbox, look)
    stop = asyncio.Event()
    working = asyncio.create_task(work(installed, stop=stop, handlers=table, settings=QUICK))
    await shop.enqueue(installed.db, PruneInbox())
    await shop.eventually(lambda: shop.nothing_left(installed.db))
    stop.set()
    await asyncio.wait_for(working, 2)

    (known,) = seen
    assert known is not None
    assert known.job == PruneInbox.name
    assert known.job_id


async def test_a_failing_job_is_captured_by_its_name(installed: Services) -> None:
    async def fail(_services: Services, _job: PruneInbox, _run: Run) -> None:
        raise ZeroDivisionError("of nobody")

    table = Handlers[Services]()
    table.job(PruneInbox, fail)
    stop = asyncio.Event()
    working = asyncio.create_task(work(installed, stop=stop, handlers=table, settings=QUICK))
    await shop.enqueue(installed.db, PruneInbox())
    await shop.eventually(lambda: _is_captured(installed))
    stop.set()
    await asyncio.wait_for(working, 2)

    (group,) = installed.errors.said().groups
    assert group.sample is not None
    assert group.type == "ZeroDivisionError"
    assert group.sample.context["job"] == PruneInbox.name


async def _is_captured(installed: Services) -> bool:
    return bool(installed.errors.said().groups)
