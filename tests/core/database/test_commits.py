"""What waits for a commit is done after it, once, and never when there was none."""

import asyncio
from contextlib import suppress

import pytest
from sqlalchemy import func, select, table, text

from tests.conftest import Lines
from threadly.core.database import Database, Tx, after_commit
from threadly.core.database.commits import Step


async def test_it_is_done_in_order_when_others_can_see_what_was_committed(owner: Database) -> None:
    done: list[object] = []

    async def look() -> None:
        async with owner.read() as read:
            done.append(await read.scalar(select(func.count()).select_from(table("notes"))))

    async def second() -> None:
        done.append("second")

    async def change(tx: Tx) -> str:
        await tx.execute(text("create table notes (word text)"))
        await tx.execute(text("insert into notes values ('one')"))
        after_commit(tx, look)
        after_commit(tx, second)
        assert done == []
        return "result"

    assert await owner.run(change) == "result"
    assert done == [1, "second"]


async def test_it_is_not_done_when_everything_was_undone(db: Database) -> None:
    done = []

    async def note() -> None:
        done.append("done")

    async def change(tx: Tx) -> None:
        after_commit(tx, note)
        raise LookupError

    with pytest.raises(LookupError):
        await db.run(change)
    assert done == []


async def test_of_several_attempts_the_last_one_s_is_done(db: Database) -> None:
    done, attempts = [], 0

    async def change(tx: Tx) -> None:
        nonlocal attempts
        attempts += 1
        mine = attempts

        async def note() -> None:
            done.append(mine)

        after_commit(tx, note)
        if attempts < 3:
            await tx.execute(text("do $$ begin raise exception 'again' using errcode = '40001'; end $$"))

    await db.run(change)
    assert done == [3]


async def test_one_that_fails_is_told_and_keeps_nobody_from_their_turn(db: Database, lines: Lines) -> None:
    done = []

    async def fail() -> None:
        raise LookupError("no")

    async def note() -> None:
        done.append("done")

    async def change(tx: Tx) -> int:
        after_commit(tx, fail)
        after_commit(tx, note)
        return 7

    assert await db.run(change) == 7
    assert done == ["done"]
    (line,) = lines
    assert line["event"] == "What waited for a commit has failed. The commit holds."
    assert line["log_level"] == "error"


async def test_of_a_savepoint_that_is_undone_nothing_is_done(db: Database) -> None:
    done: list[str] = []

    def noting(word: str) -> Step:
        async def note() -> None:
            done.append(word)

        return note

    async def change(tx: Tx) -> None:
        after_commit(tx, noting("before"))
        async with tx.begin_nested():
            after_commit(tx, noting("kept"))
        with suppress(LookupError):
            async with tx.begin_nested():
                after_commit(tx, noting("undone"))
                async with tx.begin_nested():
                    after_commit(tx, noting("undone with what is around it"))
                raise LookupError
        after_commit(tx, noting("after"))

    await db.run(change)
    assert done == ["before", "kept", "after"]


async def test_one_that_is_cancelled_by_itself_keeps_neither_the_others_nor_the_result(
    db: Database, lines: Lines
) -> None:
    done = []

    async def give_up() -> None:
        raise asyncio.CancelledError

    async def note() -> None:
        done.append("done")

    async def change(tx: Tx) -> str:
        after_commit(tx, give_up)
        after_commit(tx, note)
        return "result"

    assert await db.run(change) == "result"
    assert done == ["done"]
    assert [line["event"] for line in lines] == ["What waited for a commit was cancelled. The commit holds."]


async def test_who_is_cancelled_while_it_is_done_is_cancelled(db: Database) -> None:
    began = asyncio.Event()

    async def wait() -> None:
        began.set()
        await asyncio.Event().wait()

    async def change(tx: Tx) -> None:
        after_commit(tx, wait)

    running = asyncio.create_task(db.run(change))
    await began.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
