"""Each thing that a request should not do is refused, and what stands close to it is not."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import nullcontext, suppress
from typing import TypeAlias

import pytest
from sqlalchemy import Executable, Integer, bindparam, column, func, insert, select, table, text, update

from threadly.core.database import Database, Prepared, Tx
from threadly.core.database.guard import Limits, Refused, watched

LAMPS = table("lamps", column("id", Integer), column("size", Integer))
SHADES = table("shades", column("id", Integer))
ONE = select(LAMPS.c.size).where(LAMPS.c.id == bindparam("id"))
LIMITS = Limits(repeats=3, rows=100, whole=frozenset({"shades"}), transaction_seconds=60)

Doing: TypeAlias = Callable[[Database], Awaitable[object]]
pytestmark = pytest.mark.usefixtures("on_guard")


def looks(*statements: Executable) -> Doing:
    """Asks one after another."""

    async def look(db: Database) -> None:
        async with db.read() as read:
            for statement in statements:
                await read.execute(statement)  # type: ignore[arg-type]

    return look


def asks(times: int, *, prepared: bool = False) -> Doing:
    """Asks for one lamp after another."""

    async def look(db: Database) -> None:
        async with db.read() as read:
            for id in range(times):
                if prepared:
                    await Prepared(ONE).fetch(read, {"id": id})
                else:
                    await read.execute(ONE, {"id": id})

    return look


def within(statement: Executable) -> Doing:
    """In a transaction."""

    async def change(tx: Tx) -> None:
        await tx.execute(statement)

    return lambda db: db.run(change)


def reads(*, within: bool) -> Doing:
    """Looks beside a transaction: while it is open, or before and after it."""

    async def look(db: Database) -> None:
        async with db.read() as read:
            await read.scalar(select(func.now()))

    async def read(db: Database) -> None:
        async def hold(tx: Tx) -> None:
            async with tx.begin_nested():
                await tx.execute(select(SHADES.c.id).limit(1))
            if within:
                await look(db)

        async with db.read(), db.read():  # so that both connections are there, and none is made within the transaction
            pass
        await look(db)
        await db.run(hold)
        await look(db)

    return read


REFUSED: dict[str, tuple[Doing, str]] = {
    "the same four times": (asks(4), r"asks 4 times: SELECT lamps\.size FROM lamps WHERE lamps\.id = \$1"),
    "the same prepared": (asks(4, prepared=True), "asks 4 times: SELECT"),
    "the same for lists of any length": (
        looks(*(select(LAMPS.c.id).where(LAMPS.c.id.in_(range(n))) for n in range(1, 5))),
        "asks 4 times: SELECT",
    ),
    "101 rows": (looks(select(LAMPS.c.id).where(LAMPS.c.id <= 101)), "fetches 101 rows without LIMIT: SELECT"),
    "a small table beside a large one": (
        looks(select(LAMPS.c.id).join(SHADES, SHADES.c.id == LAMPS.c.id)),
        "fetches 200 rows without LIMIT: SELECT",
    ),
    "a look while a transaction is open": (reads(within=True), "takes another connection within a transaction"),
    "an update": (within(update(LAMPS).values(size=1)), "writes where it should only look: UPDATE"),
    "an insert": (within(insert(SHADES).values(id=999)), "writes where it should only look: INSERT"),
    "a write within a look": (
        looks(select(insert(SHADES).values(id=999).returning(SHADES.c.id).cte("made").c.id)),
        "writes where it should only look: WITH",
    ),
}
WRITES = [
    "UPDATE lamps AS l SET size = 1",
    "UPDATE ONLY lamps SET size = 1",
    'UPDATE "lamps" SET size = 1',
    "WITH gone AS (DELETE FROM lamps RETURNING id) SELECT count(*) FROM gone",
    "WITH made AS (UPDATE lamps l SET size = 1 RETURNING id) SELECT count(*) FROM made",
    "SELECT nextval('numbers')",
    "SELECT pg_notify('bells', 'ring')",
    "NOTIFY bells",
    "CREATE TABLE hats (id int)",
    "ALTER TABLE lamps ADD note text",
    "DROP TABLE shades",
    "LOCK TABLE lamps",
    "DO $$ BEGIN DELETE FROM lamps; END $$",
]
ALLOWED: dict[str, Doing] = {
    "the same three times": asks(3),
    "four different ones": looks(
        *(select(*LAMPS.c).order_by(by).limit(1) for by in (*LAMPS.c, -LAMPS.c.id, -LAMPS.c.size))
    ),
    "100 rows": looks(select(LAMPS.c.id).where(LAMPS.c.id <= 100)),
    "101 rows with LIMIT": looks(select(LAMPS.c.id).limit(101)),
    "a count of all": looks(select(func.count()).select_from(LAMPS)),
    "a table that is small by its nature": looks(select(SHADES.c.id)),
    "a row locked in a transaction": within(select(LAMPS.c.id).limit(1).with_for_update()),
    "looks before and after a transaction, and a savepoint in it": reads(within=False),
    "a word that looks like a write": looks(select(LAMPS.c.id).where(func.length("DELETE FROM lamps") > 1).limit(1)),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_what_would_hurt_is_refused_and_named(lamps: Database, case: str) -> None:
    doing, said = REFUSED[case]
    with pytest.raises(Refused, match=said) as refusal, watched(LIMITS, only_reads=True):
        await doing(lamps)
    assert len(str(refusal.value).splitlines()) == 1


@pytest.mark.parametrize("sql", WRITES)
async def test_whatever_is_not_known_to_look_only_writes(lamps: Database, sql: str) -> None:
    async def change(tx: Tx) -> None:
        await tx.execute(text("CREATE SEQUENCE numbers"))

    await lamps.run(change)
    with pytest.raises(Refused, match="writes where it should only look"), watched(LIMITS, only_reads=True):
        await within(text(sql))(lamps)


@pytest.mark.parametrize("case", ALLOWED)
async def test_what_does_not_hurt_is_let_pass(lamps: Database, case: str) -> None:
    with watched(LIMITS, only_reads=True) as unit:
        await ALLOWED[case](lamps)
    assert unit.asked.total() >= 1


async def test_who_may_write_writes_and_everything_wrong_is_told_together(lamps: Database) -> None:
    with watched(LIMITS):
        await within(update(LAMPS).values(size=1))(lamps)
    with pytest.raises(Refused) as refusal, watched(LIMITS, only_reads=True):
        await asyncio.gather(within(update(LAMPS).values(size=2))(lamps), asks(5)(lamps))
    assert len(str(refusal.value).splitlines()) == 2


async def test_two_at_once_are_told_apart_and_who_is_not_watched_does_as_they_please(lamps: Database) -> None:
    async def one(times: int) -> None:
        with watched(LIMITS):
            await asks(times)(lamps)

    done = await asyncio.gather(one(3), one(4), one(2), asks(9)(lamps), return_exceptions=True)
    assert [type(outcome) for outcome in done] == [type(None), Refused, type(None), type(None)]


@pytest.mark.parametrize(("times", "is_refused"), [(2, False), (4, True)])
async def test_what_was_undone_and_is_tried_again_is_not_counted_twice(
    lamps: Database, times: int, is_refused: bool
) -> None:
    async def fail(tx: Tx) -> None:
        for id in range(times):
            await tx.execute(ONE, {"id": id})
        raise LookupError

    with pytest.raises(Refused, match="asks 5 times") if is_refused else nullcontext(), watched(LIMITS):
        await asks(1)(lamps)
        for _ in range(3):
            with suppress(LookupError):
                await lamps.run(fail)


async def test_a_failure_of_the_request_is_not_hidden_by_what_the_guard_has_to_say(lamps: Database) -> None:
    async def fail() -> None:
        await asks(9)(lamps)
        raise LookupError

    with pytest.raises(LookupError), watched(LIMITS):
        await fail()


@pytest.mark.parametrize(("longest", "is_refused"), [(0.05, True), (60, False)])
async def test_a_transaction_may_not_stay_open(lamps: Database, longest: float, is_refused: bool) -> None:
    async def dawdle(tx: Tx) -> None:
        await tx.execute(select(1))
        await asyncio.sleep(0.2)

    told = r"^keeps a transaction open for \d+\.\d s$"
    with pytest.raises(Refused, match=told) if is_refused else nullcontext():  # noqa: SIM117 - it is raised by the other
        with watched(Limits(transaction_seconds=longest)):
            await lamps.run(dawdle)
