"""Statements and messages, as traces tell them."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from contextvars import Context
from datetime import timedelta

import pytest
from opentelemetry import trace
from sqlalchemy import Column, Integer, MetaData, Select, Table, Text, bindparam, select, text
from sqlalchemy.exc import DBAPIError

from tests.core.observability.tracing.told import ALL, NONE, Told, telling
from threadly.core.config import Secret
from threadly.core.database import Database, DatabaseSettings, Prepared, ReadSession, Tx
from threadly.core.database.tracing import described, processing, sending
from threadly.core.observability.tracing import TracingSettings, install

LAMPS = Table("lamps", MetaData(), Column("id", Integer, primary_key=True), Column("name", Text))
NAMED: Select[str] = select(LAMPS.c.name).where(LAMPS.c.name == bindparam("name"))
SLEEP: Select[str] = select(text("pg_sleep(0.4)"))
SHORT_SLEEP: Select[str] = select(text("pg_sleep(0.15)"))
SLOW = TracingSettings(ratio=0, slow=timedelta(milliseconds=50))


@pytest.fixture
async def lamps(empty_database_url: str) -> AsyncIterator[Database]:
    """A database with a lamp, whose statements say which route they are of; two connections."""
    settings = DatabaseSettings(url=Secret(empty_database_url), pool_size=2, statement_timeout=timedelta(seconds=5))
    db = Database(settings, tags=lambda: {"route": "/lamps/{id}"})

    async def fill(tx: Tx) -> None:
        await tx.execute(text("create table lamps (id int primary key, name text)"))
        await tx.execute(text("insert into lamps values (1, 'desk')"))

    await db.run(fill)
    yield db
    await db.close()


@contextmanager
def a_trace(settings: TracingSettings = ALL) -> Iterator[Told]:
    """All within is within one span."""
    with telling(settings) as (provider, told):
        install(provider.tracing)
        try:
            with trace.get_tracer("tests").start_as_current_span("request"):
                yield told
        finally:
            install(None)


async def both_ways(read: ReadSession) -> None:
    """The same statement by SQLAlchemy, and past it."""
    await read.execute(NAMED, {"name": "a lamp of anna@example.org"})
    await Prepared(NAMED).fetch(read, {"name": "a lamp of anna@example.org"})


@pytest.mark.parametrize("settings", [ALL, SLOW])
async def test_statements_are_told_by_their_text_and_never_by_their_values(
    lamps: Database, settings: TracingSettings
) -> None:
    with a_trace(settings) as told:
        async with lamps.read() as read:
            await both_ways(read)
        await asyncio.sleep(0.06)
    request, *statements = told.spans
    assert [span.name for span in statements] == ["SELECT lamps"] * 2
    for span in statements:
        assert (span.parent_id, span.kind, span.scope) == (
            request.span_id,
            trace.SpanKind.CLIENT,
            "threadly.core.database",
        )
        assert span.attributes["db.system.name"] == "postgresql"
        assert "WHERE lamps.name = $1" in str(span.attributes["db.query.text"])
        assert request.began <= span.began < span.ended <= request.ended
    assert "anna" not in repr(told.spans)


async def test_outside_of_any_trace_nothing_is_begun(lamps: Database) -> None:
    with telling() as (provider, told):
        install(provider.tracing)
        async with lamps.read() as read:
            await both_ways(read)
        install(None)
    assert told.spans == []


async def test_a_slow_statement_of_a_sampled_trace_is_found_by_what_the_server_shows(lamps: Database) -> None:
    async def seen() -> str:
        found: Select[str] = select(
            text("query FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()")
        )
        async with lamps.read() as read:
            return str(await read.scalar(found))

    for sleep in (SLEEP, Prepared(SLEEP)):
        with a_trace() as told:
            async with lamps.read() as read:
                sleeping = asyncio.create_task(
                    sleep.fetch(read) if isinstance(sleep, Prepared) else _executed(read, sleep)
                )
                await asyncio.sleep(0.15)
                query = await asyncio.create_task(seen(), context=_no_trace())
                await sleeping
        (span,) = (span for span in told.spans if "pg_sleep" in str(span.attributes.get("db.query.text")))
        assert query.startswith(
            f"/*traceparent='00-{span.trace_id}-{span.span_id}-01',route='%2Flamps%2F%7Bid%7D'*/ SELECT"
        )
        assert str(span.attributes["db.query.text"]).startswith("SELECT")


async def test_texts_that_never_come_again_stay_in_no_cache(lamps: Database) -> None:
    async with lamps.read() as read:
        await both_ways(read)
        before = await _prepared(read)
        with a_trace():
            for _ in range(20):
                await both_ways(read)
        await both_ways(read)
        after = await _prepared(read)
    assert not [statement for statement in after if "traceparent" in statement]
    assert len(after) == len(before)


async def test_a_trace_that_is_not_sampled_leaves_statements_as_they_are_and_tells_who_ran_a_long_one(
    lamps: Database,
) -> None:
    with a_trace(SLOW) as told:
        async with lamps.read() as read:
            backend = await read.scalar(select(text("pg_backend_pid()")))
            await read.execute(SHORT_SLEEP)
            await Prepared(SHORT_SLEEP).fetch(read)
            assert not [statement for statement in await _prepared(read) if "traceparent" in statement]
    long = [span for span in told.spans if span.attributes.get("db.query.text") == "SELECT pg_sleep(0.15)"]
    assert [span.attributes["threadly.db.backend_pid"] for span in long] == [backend, backend]


async def test_a_statement_that_is_refused_has_failed_with_the_server_s_code(lamps: Database) -> None:
    wrong: Select[str] = select(text("1 / 0"))
    with a_trace() as told:
        async with lamps.read() as read:
            with pytest.raises(DBAPIError):
                await read.execute(wrong)
            with pytest.raises(Exception, match="division by zero"):
                await Prepared(wrong).fetch(read)
    failed = [span for span in told.spans if span.has_failed]
    assert [span.attributes["db.response.status_code"] for span in failed] == ["22012", "22012"]
    assert {span.attributes["error.type"] for span in failed} == {"DivisionByZeroError"}


@pytest.mark.parametrize(
    ("sql", "name"),
    [
        ("SELECT a FROM listings WHERE id = $1", "SELECT listings"),
        ("  select 1", "SELECT"),
        ('INSERT INTO "outbox" (a) VALUES ($1)', "INSERT outbox"),
        ("UPDATE jobs SET a = 1 FROM due", "UPDATE jobs"),
        ("DELETE FROM ONLY sessions", "DELETE ONLY"),
        ("WITH page AS (SELECT 1 FROM listings) SELECT * FROM page", "SELECT listings"),
        ("WITH due AS (SELECT id FROM jobs) UPDATE jobs SET a = 1", "UPDATE jobs"),
        ("SELECT (SELECT a FROM b) FROM c", "SELECT b"),
        ("", "SQL"),
    ],
)
def test_a_statement_s_name_is_what_it_does_and_to_which_table_first(sql: str, name: str) -> None:
    assert described(sql)[0] == name


def test_a_message_takes_the_span_of_its_sending_along_and_what_handles_it_is_inside_and_linked() -> None:
    with a_trace() as told:
        with sending("offers.made") as traceparent:
            pass
        with processing("mail.offer_made", id=7, attempt=2, traceparent=traceparent):
            pass
    request, send, process = told.one("request"), told.one("send offers.made"), told.one("process mail.offer_made")
    assert traceparent == f"00-{request.trace_id}-{send.span_id}-01"
    assert (send.parent_id, send.kind) == (request.span_id, trace.SpanKind.PRODUCER)
    assert (process.trace_id, process.parent_id) == (request.trace_id, send.span_id)
    assert (process.has_remote_parent, process.kind) == (True, trace.SpanKind.CONSUMER)
    assert [f"{link.context.span_id:016x}" for link in process.links] == [send.span_id]
    assert process.attributes == {
        "messaging.system": "threadly",
        "messaging.destination.name": "mail.offer_made",
        "messaging.operation.type": "process",
        "messaging.operation.name": "process",
        "messaging.message.id": "7",
        "threadly.job.attempt": 2,
    }


@pytest.mark.parametrize("traceparent", [None, "nonsense"])
def test_what_nobody_asked_for_in_a_trace_begins_one(traceparent: str | None) -> None:
    with telling() as (provider, told):
        install(provider.tracing)
        with sending("offers.made") as sent:
            assert sent is None
        with processing("mail.offer_made", id=7, attempt=1, traceparent=traceparent):
            pass
        install(None)
    (process,) = told.spans
    assert (process.parent_id, process.links) == (None, ())


def test_where_nobody_is_told_the_trace_is_still_handed_on() -> None:
    with a_trace(NONE), sending("offers.made") as traceparent:
        assert traceparent is not None
        assert traceparent.endswith("-00")


def _no_trace() -> Context:
    return Context()


async def _executed(read: ReadSession, statement: Select[str]) -> object:
    return await read.execute(statement)


async def _prepared(read: ReadSession) -> list[str]:
    statements: Select[str] = select(text("statement FROM pg_prepared_statements"))
    return [row[0] for row in await read.execute(statements)]
