"""A worker runs what is due, at once, within its bounds, and ends well."""

import asyncio
import sys
from datetime import timedelta
from functools import partial

import pytest

from tests.conftest import Lines
from tests.core.database.jobs import shop
from tests.core.database.jobs.shop import Greet, Shop, Sold
from tests.core.database.jobs.working import QUICK, working
from threadly.core.database import Database, Tx, outbox
from threadly.core.database.jobs import Handlers, Retry, Run, Stopped, letters
from threadly.core.errors import Conflict

SOON = Retry(attempts=3, first=timedelta(milliseconds=20), most=timedelta(milliseconds=40))


async def test_events_reach_every_subscriber_and_jobs_their_handler(db: Database, database_url: str) -> None:
    handlers = Handlers[Shop]()
    handlers.once(Sold, lambda tx, event: shop.leave(tx, "mail", event.number), name="mail.sold")
    handlers.once(Sold, lambda tx, event: shop.leave(tx, "stats", event.number), name="stats.sold")

    async def greet(context: Shop, job: Greet, run: Run) -> None:
        await context.db.run(shop.leave, f"{run.name} {run.attempt}", job.number)

    handlers.job(Greet, greet)
    async with working(db, database_url, handlers) as worker:
        await shop.add(db, Sold(number=1))
        await shop.enqueue(db, Greet(number=2))
        await shop.eventually(lambda: shop.nothing_left(db))
        stopped = await worker.stop()

    assert sorted(await shop.effects(db)) == [("mail", 1), ("shop.greet 1", 2), ("stats", 1)]
    assert stopped == Stopped(done=3, failed=0, put_back=0)


async def test_a_job_starts_soon_after_its_commit_and_nobody_has_to_look_for_it(
    db: Database, database_url: str
) -> None:
    handlers = Handlers[Shop]()
    handlers.job(Greet, _greet)
    slow_poll = QUICK.model_copy(update={"poll": timedelta(minutes=5)})  # so that only a notification can be soon
    async with working(db, database_url, handlers, slow_poll):
        for number in range(1, 31):
            await shop.enqueue(db, Greet(number=number))
            await shop.eventually(partial(_counts, db, "effects", number))


async def test_a_job_whose_notification_was_lost_is_found_by_looking(
    db: Database, owner: Database, database_url: str
) -> None:
    handlers = Handlers[Shop]()
    handlers.job(Greet, _greet)
    await shop.change(owner, "ALTER TABLE outbox DISABLE TRIGGER outbox_notifies")
    async with working(db, database_url, handlers):
        await asyncio.sleep(0.1)
        await shop.enqueue(db, Greet(number=1))
        await shop.eventually(lambda: shop.nothing_left(db))
    assert await shop.effects(db) == [("greet", 1)]


async def test_a_failing_job_is_tried_again_until_it_succeeds(db: Database, database_url: str) -> None:
    attempts: list[int] = []

    async def greet(context: Shop, job: Greet, run: Run) -> None:
        attempts.append(run.attempt)
        if run.attempt < 3:
            raise ConnectionError("postgresql://user:password@host")
        await _greet(context, job, run)

    handlers = Handlers[Shop]()
    handlers.job(Greet, greet, retry=SOON)
    await shop.enqueue(db, Greet(number=1))
    async with working(db, database_url, handlers) as worker:
        await shop.eventually(lambda: shop.nothing_left(db))
        assert await worker.stop() == Stopped(done=1, failed=2, put_back=0)
    assert attempts == [1, 2, 3]
    assert await shop.effects(db) == [("greet", 1)]


class Refused(Conflict):
    """A refusal of the tests' own."""

    code = "test_refused"


async def _refuse(_shop: Shop, _job: Greet, _run: Run) -> None:
    raise Refused("with a secret")


async def _crash(_shop: Shop, _job: Greet, _run: Run) -> None:
    raise RuntimeError("with a secret")


async def _give_up(_shop: Shop, _job: Greet, _run: Run) -> None:
    raise asyncio.CancelledError("with a secret")


async def _exit(_shop: Shop, _job: Greet, _run: Run) -> None:
    sys.exit("with a secret")


async def _sleep(_shop: Shop, _job: Greet, _run: Run) -> None:
    await asyncio.sleep(60)


async def _greet(context: Shop, job: Greet, _run: Run) -> None:
    await context.db.run(shop.leave, "greet", job.number)


@pytest.mark.parametrize(
    ("handler", "error"),
    [
        (_refuse, "test_refused"),
        (_crash, "builtins.RuntimeError"),
        (_sleep, "timeout"),
        (_give_up, "asyncio.exceptions.CancelledError"),
        (_exit, "builtins.SystemExit"),
    ],
)
async def test_a_poisonous_job_dies_after_its_attempts_and_tells_no_secret(
    db: Database, database_url: str, handler: object, error: str
) -> None:
    handlers = Handlers[Shop]()
    handlers.job(Greet, handler, retry=SOON, timeout=timedelta(milliseconds=100))  # type: ignore[arg-type]
    await shop.enqueue(db, Greet(number=1))
    async with working(db, database_url, handlers):
        await shop.eventually(lambda: shop.nothing_left(db))
    async with db.read() as read:
        (letter,) = await letters(read)
    assert (letter.attempts, letter.last_error) == (3, error)
    assert await shop.effects(db) == []


async def test_a_payload_that_does_not_fit_is_a_failure_and_not_the_workers_end(
    db: Database, database_url: str
) -> None:
    handlers = Handlers[Shop]()
    handlers.job(Greet, _greet, retry=Retry(attempts=1))
    await shop.change(
        db, """INSERT INTO outbox (kind, name, payload) VALUES ('job', 'shop.greet', '{"number": "seven"}')"""
    )
    await shop.enqueue(db, Greet(number=1))
    async with working(db, database_url, handlers):
        await shop.eventually(lambda: shop.nothing_left(db))
    async with db.read() as read:
        (letter,) = await letters(read)
    assert letter.last_error == "msgspec.ValidationError"
    assert await shop.effects(db) == [("greet", 1)]


@pytest.mark.parametrize(
    ("case", "preparation", "delay", "refusal"),
    [
        ("a rule", "ALTER TABLE jobs ADD CONSTRAINT picky CHECK (payload ->> 'number' <> '13')", "0", "23514 picky"),
        ("a range", "ALTER TABLE outbox DROP CONSTRAINT ck_outbox_delay_is_bounded", "2000000 years", "22008"),
    ],
)
async def test_a_message_that_cannot_become_a_job_holds_nobody_up_and_is_told_of_once(
    db: Database,
    owner: Database,
    database_url: str,
    lines: Lines,
    case: str,
    preparation: str,
    delay: str,
    refusal: str,
) -> None:
    handlers = Handlers[Shop]()
    handlers.job(Greet, _greet)
    await shop.change(owner, preparation)
    await shop.enqueue(db, Greet(number=1))
    await shop.change(
        db,
        "INSERT INTO outbox (kind, name, payload, delay) "
        f"""VALUES ('job', 'shop.greet', '{{"number": 13}}', '{delay}')""",
    )
    await shop.enqueue(db, Greet(number=2))
    async with working(db, database_url, handlers):
        await shop.eventually(lambda: _counts(db, "effects", 2))
        await shop.enqueue(db, Greet(number=3))
        await shop.eventually(lambda: _counts(db, "effects", 3))
    assert sorted(await shop.effects(db)) == [("greet", 1), ("greet", 2), ("greet", 3)]
    assert await shop.count(db, f"outbox WHERE refusal = '{refusal}'") == await shop.count(db, "outbox") == 1
    (line,) = (line for line in lines if line["log_level"] != "info")
    assert line == {
        "event": "A message cannot become a job. It was put aside; the others go on.",
        "position": 2,
        "message": "shop.greet",
        "refusal": refusal,
        "log_level": "error",
    }


async def test_messages_that_take_too_long_all_at_once_are_handed_on_a_few_at_a_time(
    db: Database, owner: Database, database_url: str, lines: Lines
) -> None:
    handlers = Handlers[Shop]()
    handlers.job(Greet, _greet)
    await shop.change(
        owner,
        "CREATE FUNCTION weigh() RETURNS trigger LANGUAGE plpgsql"
        " AS 'BEGIN PERFORM pg_sleep(0.02) WHERE NEW.name = ''shop.greet''; RETURN NEW; END'",
    )
    await shop.change(owner, "CREATE TRIGGER weighs BEFORE INSERT ON jobs FOR EACH ROW EXECUTE FUNCTION weigh()")
    await shop.enqueue(db, *(Greet(number=number) for number in range(300)))  # six seconds in one statement
    async with working(db, database_url, handlers, statement_timeout=timedelta(seconds=2)):
        await shop.eventually(lambda: shop.nothing_left(db), within=120)
    assert await shop.count(db, "effects") == 300
    told = [line for line in lines if line["log_level"] != "info"]
    assert {line["event"] for line in told} == {"Messages took too long to hand on; fewer are tried at a time."}
    assert told[0]["messages"] == 250


async def test_a_job_that_ran_twice_has_its_effect_once(db: Database, database_url: str) -> None:
    attempts: list[int] = []

    async def once(tx: Tx, job: Greet, run: Run) -> None:
        if await run.first_time(tx):
            await shop.leave(tx, "greet", job.number)

    async def greet(context: Shop, job: Greet, run: Run) -> None:
        attempts.append(run.attempt)
        await context.db.run(once, job, run)
        if run.attempt == 1:
            raise RuntimeError("after the effect")

    handlers = Handlers[Shop]()
    handlers.job(Greet, greet, retry=SOON)
    await shop.enqueue(db, Greet(number=1))
    async with working(db, database_url, handlers):
        await shop.eventually(lambda: shop.nothing_left(db))
    assert attempts == [1, 2]
    assert await shop.effects(db) == [("greet", 1)]


async def test_no_more_run_at_a_time_than_agreed(db: Database, database_url: str) -> None:
    running, most = 0, 0

    async def greet(_shop: Shop, _job: Greet, _run: Run) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.01)
        running -= 1

    handlers = Handlers[Shop]()
    handlers.job(Greet, greet)
    await shop.enqueue(db, *(Greet(number=number) for number in range(40)))
    async with working(db, database_url, handlers, QUICK.model_copy(update={"concurrency": 4})):
        await shop.eventually(lambda: shop.nothing_left(db))
    assert most == 4


async def test_a_job_that_outlasts_its_lease_is_kept_by_its_worker(db: Database, database_url: str) -> None:
    async def greet(context: Shop, job: Greet, run: Run) -> None:
        await asyncio.sleep(2.5)
        await _greet(context, job, run)

    handlers = Handlers[Shop]()
    handlers.job(Greet, greet)
    await shop.enqueue(db, Greet(number=1))
    brief = QUICK.model_copy(update={"lease": timedelta(seconds=2)})
    async with working(db, database_url, handlers, brief), working(db, database_url, handlers, brief):
        await shop.eventually(lambda: shop.nothing_left(db))
    assert await shop.effects(db) == [("greet", 1)]


async def test_told_to_stop_a_worker_lets_the_running_end_and_takes_nothing_more(
    db: Database, database_url: str
) -> None:
    async def greet(context: Shop, job: Greet, run: Run) -> None:
        await asyncio.sleep(0.3)
        await _greet(context, job, run)

    handlers = Handlers[Shop]()
    handlers.job(Greet, greet)
    await shop.enqueue(db, Greet(number=1), Greet(number=2))
    async with working(db, database_url, handlers, QUICK.model_copy(update={"concurrency": 1})) as worker:
        await shop.eventually(lambda: _is_running(db))
        assert await worker.stop() == Stopped(done=1, failed=0, put_back=0)
    assert await shop.effects(db) == [("greet", 1)]
    assert await shop.count(db, "jobs WHERE worker IS NULL AND attempts = 0") == 1


async def test_what_does_not_end_in_time_is_put_back_and_another_takes_it_at_once(
    db: Database, database_url: str
) -> None:
    forever, handlers = Handlers[Shop](), Handlers[Shop]()
    forever.job(Greet, _sleep)
    handlers.job(Greet, _greet)
    hasty = QUICK.model_copy(update={"grace": timedelta(milliseconds=100), "lease": timedelta(minutes=5)})
    await shop.enqueue(db, Greet(number=1))
    async with working(db, database_url, forever, hasty) as first:
        await shop.eventually(lambda: _is_running(db))
        assert await first.stop() == Stopped(done=0, failed=0, put_back=1)
    assert await shop.count(db, "jobs WHERE worker IS NULL AND attempts = 0") == 1
    async with working(db, database_url, handlers):
        await shop.eventually(lambda: shop.nothing_left(db))
    assert await shop.effects(db) == [("greet", 1)]


async def test_events_of_a_key_are_handled_in_order_by_three_workers(db: Database, database_url: str) -> None:
    handlers = Handlers[Shop]()

    async def sometimes_fail(context: Shop, event: Sold, run: Run) -> None:
        if event.number % 5 == 0 and run.attempt == 1:
            raise RuntimeError("once")
        await context.db.run(shop.leave, event.item or "", event.number)

    handlers.on(Sold, sometimes_fail, name="mail.sold", retry=SOON)
    items = ["hat", "coat", "scarf"]
    async with (
        working(db, database_url, handlers),
        working(db, database_url, handlers),
        working(db, database_url, handlers),
    ):
        for number in range(15):
            await shop.add(db, *(Sold(number=number, item=item) for item in items))
        await shop.eventually(lambda: shop.nothing_left(db), within=20)
    left = await shop.effects(db)
    for item in items:
        assert [number for who, number in left if who == item] == list(range(15))


async def test_a_schedule_runs_its_job_once_among_workers(db: Database, database_url: str) -> None:
    handlers = Handlers[Shop]()
    handlers.job(Greet, _greet)
    handlers.every(timedelta(days=1), Greet(number=1))
    async with working(db, database_url, handlers), working(db, database_url, handlers):
        await shop.eventually(lambda: _counts(db, "schedules", 1))
        await shop.change(db, "UPDATE schedules SET due_at = now()")
        await shop.eventually(lambda: _counts(db, "effects", 1))
        await asyncio.sleep(0.5)
    assert await shop.effects(db) == [("greet", 1)]


async def test_a_worker_declares_whom_it_knows_to_be_told(db: Database, database_url: str) -> None:
    handlers = Handlers[Shop]()
    handlers.once(Sold, lambda tx, event: shop.leave(tx, "mail", event.number), name="mail.sold")
    async with working(db, database_url, handlers):
        await shop.eventually(lambda: _counts(db, "subscribers WHERE event = 'shop.sold' AND handler = 'mail.sold'", 1))


async def test_a_transaction_that_is_rolled_back_runs_nothing(db: Database, database_url: str) -> None:
    class ChangedMyMind(Exception):
        pass

    async def change(tx: Tx) -> None:
        outbox.enqueue(tx, Greet(number=1))
        await tx.flush()
        raise ChangedMyMind

    handlers = Handlers[Shop]()
    handlers.job(Greet, _greet)
    async with working(db, database_url, handlers):
        with pytest.raises(ChangedMyMind):
            await db.run(change)
        await shop.enqueue(db, Greet(number=2))
        await shop.eventually(lambda: shop.nothing_left(db))
    assert await shop.effects(db) == [("greet", 2)]


async def _is_running(db: Database) -> bool:
    return await shop.count(db, "jobs WHERE worker IS NOT NULL") > 0


async def _counts(db: Database, what: str, rows: int) -> bool:
    return await shop.count(db, what) == rows
