"""`run` commits or undoes, and tries again on a conflict; whoever cannot be reached is said to be unreachable."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import Integer, Text, column, literal, select, table, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from threadly.core.config import Secret
from threadly.core.database import (
    Database,
    DatabaseBusy,
    DatabaseContended,
    DatabaseReadOnly,
    DatabaseSettings,
    DatabaseTooSlow,
    DatabaseUnavailable,
    Prepared,
    ReadSession,
    Tx,
    after_commit,
    driver_url,
    engine,
)
from threadly.core.database.instruments import REFUSED

LAMPS = table("lamps", column("id", Integer), column("name", Text))


@pytest.fixture
async def lamps(empty_database_url: str) -> AsyncIterator[Database]:
    """A database with two lamps."""
    db = Database(DatabaseSettings(url=Secret(empty_database_url), pool_size=2, pool_wait=timedelta(seconds=30)))
    await db.run(_script, "create table lamps (id int primary key, name text)")
    await db.run(_script, "insert into lamps values (1, 'desk'), (2, 'floor')")
    yield db
    await db.close()


async def _script(tx: Tx, statement: str) -> None:
    await tx.execute(text(statement))


async def names(read: ReadSession) -> list[str]:
    """All lamps' names, by id."""
    return [name for (name,) in await read.execute(select(LAMPS.c.name).order_by(LAMPS.c.id))]


async def seen(db: Database) -> list[str]:
    """What another connection sees."""
    async with db.read() as read:
        return await names(read)


async def test_run_commits_and_returns_what_the_function_returns(lamps: Database) -> None:
    async def rename(tx: Tx, *, to: str) -> list[str]:
        await tx.execute(LAMPS.update().where(LAMPS.c.id == 1).values(name=to))
        return await names(tx)

    assert await lamps.run(rename, to="table") == ["table", "floor"]
    assert await seen(lamps) == ["table", "floor"]


async def test_run_undoes_everything_when_the_function_raises(lamps: Database) -> None:
    class ChangedMyMind(Exception):
        pass

    async def rename(tx: Tx) -> None:
        await tx.execute(LAMPS.update().values(name="x"))
        raise ChangedMyMind

    with pytest.raises(ChangedMyMind):
        await lamps.run(rename)
    assert await seen(lamps) == ["desk", "floor"]


async def test_a_refusal_of_the_database_is_not_retried_and_changes_nothing(lamps: Database) -> None:
    calls = 0

    async def duplicate(tx: Tx) -> None:
        nonlocal calls
        calls += 1
        await tx.execute(LAMPS.insert().values(id=3, name="new"))
        await tx.execute(LAMPS.insert().values(id=1, name="again"))

    with pytest.raises(IntegrityError):
        await lamps.run(duplicate)
    assert calls == 1
    assert await seen(lamps) == ["desk", "floor"]


async def test_a_refusal_that_was_swallowed_has_undone_everything_and_is_told(lamps: Database) -> None:
    done = []

    async def note() -> None:
        done.append("done")

    async def add_twice(tx: Tx) -> str:
        after_commit(tx, note)
        await _script(tx, "insert into lamps values (3, 'wall')")
        with suppress(IntegrityError):
            await _script(tx, "insert into lamps values (1, 'twice')")
        return "done"

    with pytest.raises(DBAPIError, match="an error was swallowed"):
        await lamps.run(add_twice)
    assert await seen(lamps) == ["desk", "floor"]
    assert done == []


async def test_a_refusal_within_a_savepoint_may_be_swallowed(lamps: Database) -> None:
    async def add_twice(tx: Tx) -> None:
        await _script(tx, "insert into lamps values (3, 'wall')")
        with suppress(IntegrityError):
            async with tx.begin_nested():
                await _script(tx, "insert into lamps values (1, 'twice')")

    await lamps.run(add_twice)
    assert await seen(lamps) == ["desk", "floor", "wall"]


@pytest.mark.parametrize("end", ["commit", "rollback", "close", "aclose", "reset", "invalidate"])
@pytest.mark.parametrize("is_last", [False, True])
async def test_who_is_given_a_transaction_cannot_end_it_and_nothing_of_it_is_kept(
    lamps: Database, end: str, is_last: bool
) -> None:
    done = []

    async def note() -> None:
        done.append("done")

    async def in_halves(tx: Tx) -> None:
        after_commit(tx, note)
        await _script(tx, "insert into lamps values (3, 'wall')")
        await getattr(tx, end)()
        if not is_last:
            await _script(tx, "insert into lamps values (4, 'ceiling')")

    with pytest.raises(TypeError, match="whoever opened this transaction ends it"):
        await lamps.run(in_halves)
    assert await seen(lamps) == ["desk", "floor"]
    assert done == []
    assert lamps.pool.checkedout() == 0


async def test_a_savepoint_can_be_ended_within_a_transaction(lamps: Database) -> None:
    async def in_parts(tx: Tx) -> None:
        undone = await tx.begin_nested()
        await _script(tx, "insert into lamps values (3, 'wall')")
        await undone.rollback()
        kept = await tx.begin_nested()
        await _script(tx, "insert into lamps values (4, 'ceiling')")
        await kept.commit()

    await lamps.run(in_parts)
    assert await seen(lamps) == ["desk", "floor", "ceiling"]


async def test_two_that_deadlock_both_get_their_way_in_the_end(lamps: Database) -> None:
    both_hold_one, one_is_through = asyncio.Barrier(2), asyncio.Event()
    attempts: list[str] = []

    async def swap(tx: Tx, first: int, second: int, name: str) -> None:
        attempts.append(name)
        if attempts.count(name) > 1:
            await one_is_through.wait()  # or they might deadlock again, and it would be chance how often
        await tx.execute(LAMPS.update().where(LAMPS.c.id == first).values(name=LAMPS.c.name + name))
        if attempts.count(name) == 1:
            await both_hold_one.wait()
        await tx.execute(LAMPS.update().where(LAMPS.c.id == second).values(name=LAMPS.c.name + name))

    async def run(first: int, second: int, name: str) -> None:
        await lamps.run(swap, first, second, name)
        one_is_through.set()

    await asyncio.gather(run(1, 2, "A"), run(2, 1, "B"))

    assert len(attempts) == 3
    assert sorted(set(await seen(lamps))) in (["deskAB", "floorAB"], ["deskBA", "floorBA"])


async def test_a_conflict_that_lasts_is_given_up_after_three_attempts(lamps: Database) -> None:
    calls = 0

    async def conflict(tx: Tx) -> None:
        nonlocal calls
        calls += 1
        await tx.execute(text("do $$ begin raise exception 'again' using errcode = '40001'; end $$"))

    with pytest.raises(DatabaseContended):
        await lamps.run(conflict)
    assert calls == 3


async def test_reads_see_what_is_committed_at_each_statement(lamps: Database) -> None:
    async with lamps.read() as read:
        assert await names(read) == ["desk", "floor"]
        await lamps.run(_script, "update lamps set name = 'new' where id = 1")
        assert await names(read) == ["new", "floor"]


async def test_a_consistent_look_sees_one_moment_and_changes_nothing(lamps: Database) -> None:
    async with lamps.consistent() as read:
        assert await names(read) == ["desk", "floor"]
        await lamps.run(_script, "update lamps set name = 'new' where id = 1")
        assert await names(read) == ["desk", "floor"]
        with pytest.raises(DatabaseReadOnly):
            async with lamps.consistent() as other:
                await other.execute(LAMPS.update().values(name="x").returning(LAMPS.c.id))
    assert await seen(lamps) == ["new", "floor"]
    assert lamps.pool.checkedout() == 0


async def test_of_two_that_each_rely_on_what_the_other_changes_one_is_made_again(lamps: Database) -> None:
    both_have_looked = asyncio.Barrier(2)
    attempts: list[int] = []

    async def switch_off_unless_alone(tx: Tx, own: int) -> None:
        attempts.append(own)
        burning = len(await names(tx))
        if len(attempts) <= 2:
            await both_have_looked.wait()
        if burning > 1:
            await tx.execute(LAMPS.delete().where(LAMPS.c.id == own))

    await asyncio.gather(*(lamps.run_serializable(switch_off_unless_alone, number) for number in (1, 2)))
    assert len(attempts) == 3
    assert len(await seen(lamps)) == 1


async def test_when_all_connections_stay_busy_the_next_is_refused_in_time(database_url: str) -> None:
    db = Database(DatabaseSettings(url=Secret(database_url), pool_size=2, pool_wait=timedelta(seconds=1)))
    async with db.read() as one, db.read() as other:
        assert [await read.scalar(select(literal(1))) for read in (one, other)] == [1, 1]
        began = time.monotonic()
        with pytest.raises(DatabaseUnavailable):
            await _one(db)
        assert 0.95 < time.monotonic() - began < 10  # a busy machine's time; a queue without an end would have none

    assert await _one(db) == 1
    await db.close()


async def test_who_would_wait_behind_too_many_is_refused_at_once_and_the_others_have_their_turn(
    database_url: str,
) -> None:
    db = Database(DatabaseSettings(url=Secret(database_url), pool_size=2, pool_waiters=3))
    refused = REFUSED._value.get()
    async with db.read() as one, db.read() as other:
        waiting = [asyncio.create_task(_one(db)) for _ in range(3)]
        await asyncio.sleep(0)  # each begins to wait
        assert db.lender.waiting == 3
        began = time.monotonic()
        for _ in range(10):
            with pytest.raises(DatabaseBusy):
                await _one(db)
        assert time.monotonic() - began < 0.5  # 50 ms each, and they take a hundredth of that
        assert [await read.scalar(select(literal(1))) for read in (one, other)] == [1, 1]
    assert await asyncio.gather(*waiting) == [1, 1, 1]
    assert await _one(db) == 1
    assert REFUSED._value.get() - refused == 10
    assert db.pool.checkedout() == 0
    await db.close()


async def test_a_lane_lets_through_whoever_may_use_it_while_all_others_wait(database_url: str) -> None:
    db = Database(DatabaseSettings(url=Secret(database_url), pool_size=2, pool_waiters=1))
    lane = db.lane(1)
    async with db.read(), db.read():
        waiting = asyncio.create_task(_one(db))
        await asyncio.sleep(0)
        with pytest.raises(DatabaseBusy):
            await _one(db)
        for _ in range(5):
            assert await _one(lane) == 1
        assert await lane.run(_ones) == 1
    assert await waiting == 1
    assert (db.pool.checkedout(), lane.pool.checkedout()) == (0, 0)
    assert (db.pool.size(), lane.pool.size()) == (2, 1)
    with pytest.raises(ValueError, match="one connection"):
        db.lane(0)
    await lane.close()
    await db.close()


async def _ones(tx: Tx) -> int:
    return int((await tx.scalar(select(literal(1)))) or 0)


async def _one(db: Database) -> int:
    async with db.read() as read:
        return int(await read.scalar(select(literal(1))))


async def test_nobody_listening_is_a_typed_refusal() -> None:
    db = Database(DatabaseSettings(url=Secret("postgresql://nobody@127.0.0.1:1/nothing")), bridged_seconds=0.0)

    with pytest.raises(DatabaseUnavailable):
        await seen(db)
    with pytest.raises(DatabaseUnavailable):
        await db.run(_script, "select 1")


async def test_a_connection_cut_by_the_server_is_a_typed_refusal_and_the_next_call_works(
    lamps: Database,
) -> None:
    async def cut_oneself(tx: Tx) -> None:
        await tx.execute(text("select pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(DatabaseUnavailable):
        await lamps.run(cut_oneself)
    assert await seen(lamps) == ["desk", "floor"]


async def test_a_statement_that_runs_too_long_is_ended_by_the_server(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_SILENCE_SECONDS", 20.0)  # however slow this machine is, the server is heard
    settings = DatabaseSettings(url=Secret(empty_database_url), statement_timeout=timedelta(seconds=0.1))
    db = Database(settings)

    with pytest.raises(DatabaseTooSlow):
        await db.run(_script, "select pg_sleep(60)")
    with pytest.raises(DatabaseTooSlow):
        async with db.read() as read:
            await Prepared(select(text("pg_sleep(60)")).select_from(text("pg_class"))).fetch(read)
    assert db.pool.checkedout() == 0
    await db.close()


async def test_beside_the_pool_a_statement_takes_as_long_as_it_takes(empty_database_url: str) -> None:
    settings = DatabaseSettings(url=Secret(empty_database_url), statement_timeout=timedelta(seconds=0.1))
    db = Database(settings)

    async with db.unhurried.connect() as connection:
        await connection.execute(text("select pg_sleep(1.3)"))  # longer than a hung server is given
    await db.close()


async def test_one_hundred_cancelled_readers_leave_no_connection_taken(lamps: Database) -> None:
    async def dawdle() -> None:
        async with lamps.read() as read:
            await read.execute(select(text("pg_sleep(0.05)")).select_from(LAMPS))

    for _ in range(100):
        task = asyncio.create_task(dawdle())
        await asyncio.sleep(0.002)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    assert await seen(lamps) == ["desk", "floor"]
    assert lamps.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg", "postgresql+psycopg"])
def test_every_usual_spelling_of_the_address_is_understood(scheme: str) -> None:
    assert driver_url(f"{scheme}://u:p@h/d?host=/s") == "postgresql://u:p@h/d?host=/s"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("u:p,p@h/d", "u:p,p@h/d"),
        ("u:p@h,i:5433/d", "u:p@h,i:5433/d?target_session_attrs=primary"),
        ("u:p@/d?host=/s,/t", "u:p@/d?host=/s,/t&target_session_attrs=primary"),
        ("u:p@h,i/d?target_session_attrs=any", "u:p@h,i/d?target_session_attrs=any"),
    ],
)
def test_of_several_servers_the_one_that_takes_what_is_written_is_meant(written: str, meant: str) -> None:
    assert driver_url(f"postgres://{written}") == f"postgresql://{meant}"
