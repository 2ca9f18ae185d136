"""`threadly db stats` and `threadly db advise`, as people and programs read them."""

from datetime import UTC, datetime

import msgspec
import pytest
from rich.console import Console

from threadly.cli import app
from threadly.commands.observation import tell_advice, tell_statistics
from threadly.core.database import Database
from threadly.core.database.looking import Advice, Advised, Statistics
from threadly.core.database.looking.statistics import Asked, Connections, Slot, Table, Transaction, Waiting

THEN = datetime(2026, 11, 1, 12, 30, tzinfo=UTC)
GIB = 1024**3
FULL = Statistics(
    name="shop",
    version="18.1",
    bytes=3 * GIB,
    since=THEN,
    cache_hit_percent=99.5,
    commits=1_234_567,
    rollbacks=3,
    deadlocks=1,
    temp_bytes=0,
    connections=17,
    most_connections=100,
    tables=[Table("listings", 1_000_000, 12_000, 2 * GIB, 900_000_000, 3, 9_000, THEN, THEN)],
    statements=[Asked(f"SELECT {'x, ' * 200}y FROM listings", "9f0c" * 4, 12_000, 1.234, 14.8, 61.5, 12_000)],
    no_statements=None,
    connected=[Connections("threadly", "idle in transaction", 3, 75.0)],
    longest_transaction=Transaction(4711, "threadly job", "active", 3_700.0, "UPDATE listings SET title = $1"),
    waiting=[Waiting(4712, "threadly", [4711], 2.5, "DELETE FROM [listings]")],
    slots=[Slot("replica", is_active=False, status="extended", kept_bytes=5 * GIB)],
)
ADVICE = Advised(
    advice=[
        Advice(
            code="index-missing",
            about="listings",
            why="PostgreSQL reckons 1,234 without it and 8 with it for a statement that took 5.0 ms.",
            do="CREATE INDEX CONCURRENTLY ix_listings_colour ON listings (colour)",
            measured={"bytes": 20 * 1024 * 1024},
        ),
        Advice(code="index-unused", about="ix_old", why="Nobody.", do="DROP INDEX CONCURRENTLY ix_old", measured={}),
    ],
    since=THEN,
    is_seasoned=False,
    tables_copied=25,
    rows_copied=23_882,
    indexes_tried=9,
    is_cut_short=True,
    not_tried=None,
)


def told(found: Statistics | Advised) -> list[str]:
    """At a terminal of 80 columns."""
    to = Console(width=80, force_terminal=True, color_system=None, highlight=False)
    with to.capture() as captured:
        if isinstance(found, Statistics):
            tell_statistics(found, to)
        else:
            tell_advice(found, to)
    return [line.rstrip() for line in captured.get().splitlines()]


def test_statistics_fit_a_terminal_and_say_what_is_asked_held_and_waited_for() -> None:
    lines = told(FULL)
    assert max(map(len, lines)) <= 80
    assert lines[0] == "shop  PostgreSQL 18.1, 3.0 GiB"
    assert "Pages: 99.5 % in memory. Sorts and hashes that went to disk: 0 B." in lines
    assert "Transactions since 2026-11-01 12:30: 1,234,567 committed, 3 undone, 1 deadlock." in " ".join(lines)
    assert "  listings  1,000,000  12,000  2.0 GiB  858 MiB  11-01 12:30" in lines
    assert "  61.5 %, 12,000 calls of 1.23 ms  9f0c9f0c9f0c9f0c" in lines
    assert "Connections: 17 of 100" in lines
    assert "Longest transaction  1:01:40, of threadly job" in lines
    assert "! 4712 (threadly) waits for 4711: 2.5 s" in lines
    assert "    DELETE FROM [listings]" in lines
    assert "  replica  no      extended      5.0 GiB" in lines


def test_what_is_not_there_is_said() -> None:
    empty = msgspec.structs.replace(
        FULL,
        statements=None,
        no_statements="pg_stat_statements is not there",
        connected=[],
        longest_transaction=None,
        waiting=[],
        slots=[],
        cache_hit_percent=None,
    )
    lines = told(empty)
    assert "Statements  pg_stat_statements is not there" in lines
    assert "    none but this one" in lines
    assert not [line for line in lines if "slot" in line or "Longest" in line]


def test_advice_has_its_reason_and_its_statement_and_says_what_was_done_for_it() -> None:
    lines = told(ADVICE)
    assert max(map(len, lines)) <= 80
    assert lines[:3] == ["Indexes that nobody uses", "  ! ix_old", "    Nobody."]
    assert "  ! listings (20 MiB)" in lines
    assert "    CREATE INDEX CONCURRENTLY ix_listings_colour ON listings (colour);" in lines
    assert "Statistics begin on 2026-11-01: too late to say which indexes nobody uses." in lines
    assert lines[-1] == "! 2 things to consider. Nothing was changed."
    to = Console(width=40, soft_wrap=True)
    with to.capture() as piped:
        tell_advice(ADVICE, to)
    assert "    CREATE INDEX CONCURRENTLY ix_listings_colour ON listings (colour);\n" in piped.get()
    nothing = told(msgspec.structs.replace(ADVICE, advice=[], not_tried="42501: permission denied"))
    assert "Nothing was tried on a copy: 42501: permission denied" in nothing
    assert nothing[-1] == "✓ Nothing to advise."


@pytest.mark.usefixtures("stocked")
async def test_a_shop_tells_of_itself_to_people_and_programs(capsys: pytest.CaptureFixture[str]) -> None:
    async def said(*arguments: str) -> tuple[object, str]:
        code = await app.run_async(["db", *arguments], result_action="return_value")
        return code, capsys.readouterr().out

    _, text = await said("stats", "--most", "3")
    assert "listings" in text
    _, written = await said("stats", "--json")
    assert "listings" in {table.name for table in msgspec.json.decode(written, type=Statistics).tables}
    code, text = await said("advise")
    assert "Tried " in text
    again, written = await said("advise", "--json")
    found = msgspec.json.decode(written, type=Advised)
    assert found.tables_copied > 10
    assert code == again == (1 if found.advice else 0)


async def test_after_the_looks_the_shop_is_as_it_was(stocked: Database) -> None:
    async def tables() -> object:
        async with stocked.engine.connect() as connection:
            return (await connection.exec_driver_sql("SELECT count(*), sum(oid::bigint) FROM pg_class")).one()

    before = await tables()
    await app.run_async(["db", "stats"], result_action="return_value")
    await app.run_async(["db", "advise"], result_action="return_value")
    assert await tables() == before
