"""What is counted of jobs, by a worker on a real database."""

from datetime import timedelta

from prometheus_client import REGISTRY
from sqlalchemy import text

from tests.core.database.jobs import shop
from tests.core.database.jobs.shop import Greet, Shop
from tests.core.database.jobs.working import working
from threadly.core.database import Database, Tx
from threadly.core.database.jobs import Handlers, Retry, Run, instruments

Counted = dict[str, float]


def counted() -> Counted:
    """What was counted of greetings."""
    ended = {how: value("threadly_jobs_ended_total", job=Greet.name, outcome=how) for how in ("done", "failed", "dead")}
    claimed = value("threadly_jobs_claimed_total", job=Greet.name)
    return {**ended, "claimed": claimed, "timed": value("threadly_jobs_seconds_count", job=Greet.name)}


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def test_attempts_are_counted_by_how_they_end_and_timed(db: Database, database_url: str) -> None:
    async def greet(_shop: Shop, job: Greet, run: Run) -> None:
        if job.number == 2 or (job.number == 1 and run.attempt == 1):
            raise RuntimeError("not today")

    handlers = Handlers[Shop]()
    handlers.job(Greet, greet, retry=Retry(attempts=2, first=timedelta(milliseconds=10)))
    before = counted()
    async with working(db, database_url, handlers) as worker:
        for number in range(3):
            await shop.enqueue(db, Greet(number=number))
        await shop.eventually(lambda: _all_have_ended(before))
        assert value("threadly_jobs_running") == 0
        await worker.stop()

    risen = {what: value - before[what] for what, value in counted().items()}
    assert risen == {"done": 2, "failed": 2, "dead": 1, "claimed": 5, "timed": 5}


async def _all_have_ended(before: Counted) -> bool:
    now = counted()
    return now["done"] + now["dead"] == before["done"] + before["dead"] + 3


async def test_the_backlog_is_told_with_how_long_the_first_has_waited(db: Database) -> None:
    await db.run(instruments.look)
    assert _backlog() == (0, 0, 0, 0, 0, 0)
    await db.run(_fill)
    await db.run(instruments.look)
    waiting, lag, dead, messages, outbox_lag, refused = _backlog()
    assert (waiting, dead, messages, refused) == (2, 1, 1, 1)
    assert 60 <= lag < 90
    assert 30 <= outbox_lag < 60


async def _fill(tx: Tx) -> None:
    for statement in (
        "INSERT INTO jobs (name, payload, created_at, due_at) VALUES ('a', '{}', now(), now() - interval '60 s')",
        "INSERT INTO jobs (name, payload, created_at, due_at) VALUES ('a', '{}', now(), now())",
        "INSERT INTO jobs (name, payload, created_at, due_at) VALUES ('a', '{}', now(), now() + interval '1 h')",
        "INSERT INTO jobs (name, payload, created_at, dead_at, last_error) VALUES ('a', '{}', now(), now(), 'x')",
        "INSERT INTO outbox (kind, name, payload, created_at) VALUES ('job', 'a', '{}', now() - interval '30 s')",
        "INSERT INTO outbox (kind, name, payload, refusal) VALUES ('job', 'a', '{}', '23505')",
    ):
        await tx.execute(text(statement))


def _backlog() -> tuple[float, ...]:
    names = ("jobs_waiting", "jobs_lag_seconds", "jobs_dead", "outbox_waiting", "outbox_lag_seconds", "outbox_refused")
    return tuple(value(f"threadly_{name}") for name in names)
