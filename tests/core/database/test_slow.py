"""Statements that took long are told with their plan and without their values, once in a while, beside the work."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from time import monotonic
from typing import Any

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import Column, Integer, MetaData, Select, Table, Text, bindparam, func, select, text

from tests.conftest import Lines
from threadly.core.config import Secret
from threadly.core.database import Database, DatabaseSettings, DatabaseTooSlow, Prepared, Tx, engine
from threadly.core.database.slow import SlowStatements, fingerprint, redacted

LAMPS = Table("lamps", MetaData(), Column("id", Integer, primary_key=True), Column("name", Text))
SLOWLY: Select[str, Any] = select(LAMPS.c.name, func.pg_sleep(bindparam("seconds"))).where(
    LAMPS.c.name == bindparam("name")
)
WHO = "anna@example.org"


def settings(url: str, *, slow_after: float, statement_timeout: float = 30) -> DatabaseSettings:
    return DatabaseSettings(
        url=Secret(url),
        pool_size=2,
        slow_after=timedelta(seconds=slow_after),
        statement_timeout=timedelta(seconds=statement_timeout),
    )


@pytest.fixture
async def lamps(empty_database_url: str) -> AsyncIterator[Database]:
    """A database with a lamp, in which what takes 0.2 s is slow; of the route /lamps/{id}."""
    told = settings(empty_database_url, slow_after=0.2)
    db = Database(told, tags=lambda: {"route": "/lamps/{id}"})

    async def fill(tx: Tx) -> None:
        await tx.execute(text("CREATE TABLE lamps (id int PRIMARY KEY, name text)"))
        await tx.execute(text("INSERT INTO lamps VALUES (1, :who)"), {"who": WHO})

    await db.run(fill)
    yield db
    await db.close()


def slow(lines: Lines) -> Lines:
    return [line for line in lines if line["event"] == "A statement was slow." and "pg_sleep" in line["statement"]]


async def told(db: Database, lines: Lines) -> Lines:
    """Those of lamps, once all is told."""
    watch = db._slow
    assert watch is not None
    while watch._telling:
        for task in list(watch._telling):
            await task
    return slow(lines)


async def test_a_slow_statement_is_told_with_its_plan_and_who_asked_and_without_values(
    lamps: Database, lines: Lines
) -> None:
    async with lamps.read() as read:
        await read.execute(SLOWLY, {"seconds": 0.25, "name": WHO})
    (line,) = await told(lamps, lines)
    assert line["log_level"] == "warning"
    assert line["seconds"] >= 0.25
    assert (line["times"], line["route"]) == (1, "/lamps/{id}")
    assert line["statement"].startswith("SELECT lamps.name, pg_sleep($1")
    assert "Seq Scan on lamps  (cost=" in line["plan"]
    assert "Filter: (name = " in line["plan"]
    assert line["fingerprint"] == fingerprint(line["statement"])
    assert WHO not in repr(lines)


async def test_it_is_the_same_past_sqlalchemy_and_within_a_transaction(lamps: Database, lines: Lines) -> None:
    async with lamps.read() as read:
        await Prepared(SLOWLY).fetch(read, {"seconds": 0.25, "name": WHO})
    (line,) = await told(lamps, lines)
    assert "Seq Scan on lamps" in line["plan"]

    async def literal(tx: Tx) -> None:
        await tx.execute(text(f"SELECT pg_sleep(0.25) FROM lamps WHERE name = '{WHO}' AND id < 4711"))

    await lamps.run(literal)
    _, line = await told(lamps, lines)
    assert line["statement"] == "SELECT pg_sleep(?) FROM lamps WHERE name = ? AND id < ?"
    assert "Index Cond: (id < ?)\n  Filter: (name = ?::text)" in line["plan"]
    assert WHO not in repr(lines)
    assert "4711" not in repr(lines)


async def test_a_plan_tells_no_value_that_goes_over_several_lines(lamps: Database, lines: Lines) -> None:
    async def literal(tx: Tx) -> None:
        asked = f"SELECT pg_sleep(0.25) FROM lamps WHERE name <> E'it\\'s\n  (cost=1.5..2.5 rows=7 width=9) {WHO}'"
        await tx.execute(text(asked))

    await lamps.run(literal)
    (line,) = await told(lamps, lines)
    assert "Filter: (name <> ?::text)" in line["plan"]
    assert re.search(r"Seq Scan on lamps  \(cost=[\d.]+ rows=\d+\)", line["plan"])
    assert WHO not in repr(lines)


async def test_one_kind_is_told_once_in_a_while_and_counted_each_time(lamps: Database, lines: Lines) -> None:
    before = REGISTRY.get_sample_value("threadly_db_slow_statements_total", {}) or 0
    async with lamps.read() as read:
        for number in range(3):
            await read.execute(SLOWLY, {"seconds": 0.2 + number / 100, "name": WHO})
    assert len(await told(lamps, lines)) == 1
    after = REGISTRY.get_sample_value("threadly_db_slow_statements_total", {}) or 0
    assert after >= before + 3


async def test_when_it_is_told_again_it_says_how_often_it_was_slow_meanwhile(
    empty_database_url: str, lines: Lines
) -> None:
    watch = SlowStatements(empty_database_url, after=timedelta(0), again_seconds=0.0)
    watch.notice("VACUUM lamps", 1)
    watch._again_seconds = 60
    watch.notice("VACUUM lamps", 3)
    watch.notice("VACUUM  lamps", 2)
    watch._again_seconds = 0
    watch.notice("VACUUM lamps", 1)
    assert [(line["times"], line["slowest_seconds"]) for line in lines] == [(1, 1), (3, 3)]
    assert "plan" not in lines[0]


async def test_a_statement_that_the_server_ended_is_told_as_well(
    lamps: Database, empty_database_url: str, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_SILENCE_SECONDS", 20.0)  # however slow this machine is, the server is heard
    hasty = Database(settings(empty_database_url, slow_after=0.1, statement_timeout=0.3))
    values = {"seconds": 30, "name": WHO}
    with pytest.raises(DatabaseTooSlow):
        async with hasty.read() as read:
            await read.execute(SLOWLY, values)
    with pytest.raises(DatabaseTooSlow):
        async with hasty.read() as read:
            await Prepared(SLOWLY).fetch(read, values)
    (line,) = await told(hasty, lines)
    await hasty.close()
    assert line["sqlstate"] == "57014"
    assert line["seconds"] >= 0.3


async def test_the_plan_waits_for_no_lock_and_keeps_nobody_waiting(lamps: Database, lines: Lines) -> None:
    async with lamps.engine.begin() as locking:
        await locking.execute(text("LOCK TABLE lamps IN ACCESS EXCLUSIVE MODE"))
        await locking.execute(text("SELECT pg_sleep(0.25) FROM lamps"))
        (line,) = await told(lamps, lines)
    assert line["no_plan"] in {"55P03", "TimeoutError"}  # the lock, or a very slow machine


async def test_closing_tells_what_is_yet_to_be_told(lamps: Database, lines: Lines) -> None:
    async with lamps.read() as read:
        await read.execute(SLOWLY, {"seconds": 0.25, "name": WHO})
    await lamps.close()
    (line,) = slow(lines)
    assert ("plan" in line) != ("no_plan" in line)


async def test_zero_turns_it_off(empty_database_url: str, lines: Lines) -> None:
    db = Database(settings(empty_database_url, slow_after=0))
    async with db.read() as read:
        await read.scalar(select(func.count()))  # as a limit, zero would have anything told
    await db.close()
    assert [line for line in lines if line["event"] == "A statement was slow."] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT 1", "SELECT\n  2"),
        ("SELECT * FROM a WHERE b IN ($1, $2)", "SELECT * FROM a WHERE b IN ($1, $2, $3)"),
        ("SELECT * FROM a WHERE b = $1::VARCHAR", "SELECT * FROM a WHERE b = 'it''s'"),
        ("INSERT INTO a VALUES ($1, $2)", "INSERT INTO a VALUES ($1, $2), ($3, $4)"),
        ("SELECT 1 -- of anna", "SELECT 1"),
        ("SELECT a FROM b WHERE c = 'on'::public.state", "SELECT a FROM b WHERE c = $1"),
        ("SELECT CAST($1 AS text), $2::varchar(20)[]", "SELECT CAST('a' AS text), 'b'"),
    ],
)
def test_what_differs_in_values_only_is_of_one_kind(one: str, other: str) -> None:
    assert fingerprint(one) == fingerprint(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT a1 FROM b", "SELECT a2 FROM b"),
        ('SELECT "a 1" FROM b', 'SELECT "a 2" FROM b'),
        ("SELECT 1 FROM a", "SELECT 1 FROM b"),
    ],
)
def test_what_asks_something_else_is_of_another(one: str, other: str) -> None:
    assert fingerprint(one) != fingerprint(other)


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        (
            "SELECT 'a', E'b''c', $x$d$x$, 1.5, t1.c, $1 FROM \"T 2\" -- e",
            'SELECT ?, ?, ?, ?, t1.c, $1 FROM "T 2"',
        ),
        ("SELECT a FROM t WHERE b = 'x--y'\n AND c = 'anna'", "SELECT a FROM t WHERE b = ? AND c = ?"),
        (
            "SELECT a FROM t WHERE b = '/*' AND c = 'anna' AND d = '*/'",
            "SELECT a FROM t WHERE b = ? AND c = ? AND d = ?",
        ),
        (r"SELECT E'it\'s anna', 'b'", "SELECT ?, ?"),
        ("SELECT /* a /* b */ anna */ 1", "SELECT ?"),
        ("SELECT 1_000_000, 0xCAFE, 1e5, .75", "SELECT ?, ?, ?, .?"),
        ("SELECT a FROM t WHERE b = 'ann", "SELECT a FROM t WHERE b = ?"),
        ("SELECT a FROM t WHERE b = $$ann", "SELECT a FROM t WHERE b = ?"),
        ("SELECT a /* ann", "SELECT a"),
        ("SELECT U&'\\0061' UESCAPE '!', x'1F', 'two\nlines'", "SELECT ? UESCAPE ?, ?, ?"),
    ],
)
def test_no_value_is_left_in_what_is_told(sql: str, told: str) -> None:
    assert redacted(sql) == told


def test_a_very_long_statement_is_told_by_its_beginning_and_no_value_is_cut_in_two() -> None:
    assert redacted(f"SELECT '{'anna' * 100_000}' FROM {'a' * 100_000}") == "SELECT ?"
    unlike = "SELECT " + " ".join(f"$a{number}$" for number in range(100_000))
    began = monotonic()
    assert redacted(unlike) == "SELECT ?"
    assert monotonic() - began < 2
