"""What is added is there when the transaction commits, and only then."""

import asyncio
from datetime import timedelta
from typing import ClassVar
from uuid import UUID

import pytest
from sqlalchemy import column, func, not_, select, table, text
from sqlalchemy.exc import IntegrityError

from tests.conftest import database_settings
from threadly.core.database import Database, Tx, driver_url, outbox
from threadly.core.database.jobs.listen import listen
from threadly.core.database.outbox import Event, Job, OutboxMessage


class Renamed(Event, frozen=True):
    name: ClassVar[str] = "lamps.renamed"
    lamp_id: UUID

    @property
    def key(self) -> str:
        return str(self.lamp_id)


class Dust(Job, frozen=True):
    name: ClassVar[str] = "lamps.dust"
    softly: bool = True


@pytest.mark.parametrize("kind", [Event, Job])
def test_a_kind_without_a_name_is_refused_where_it_is_declared(kind: type[outbox.Message]) -> None:
    with pytest.raises(TypeError, match="Nameless has no name of its kind"):
        type("Nameless", (kind,), {"__annotations__": {"lamp_id": UUID}})
    with pytest.raises(TypeError, match="Nameless has no name of its kind"):
        type("Nameless", (kind,), {"__annotations__": {"name": str}, "name": "lamps.renamed"})  # a field


async def test_a_table_that_is_made_by_its_metadata_notifies_as_that_of_the_revisions(
    db: Database, empty_database_url: str
) -> None:
    made = Database(database_settings(empty_database_url))
    outbox_alone = [OutboxMessage.metadata.tables[OutboxMessage.__tablename__]]

    async def by_metadata(tx: Tx) -> None:
        connection = await tx.connection()
        await connection.run_sync(OutboxMessage.metadata.create_all, tables=outbox_alone)

    async def away(tx: Tx) -> None:
        connection = await tx.connection()
        await connection.run_sync(OutboxMessage.metadata.drop_all, tables=outbox_alone)

    await made.run(by_metadata)
    await made.run(away)
    await made.run(by_metadata)  # the function has remained
    trigger = (
        select(func.pg_get_triggerdef(column("oid")), func.pg_get_functiondef(column("tgfoid")))
        .select_from(table("pg_trigger"))
        .where(column("tgrelid") == func.to_regclass("outbox"), not_(column("tgisinternal")))
    )
    heard = asyncio.Event()
    listening = asyncio.create_task(listen(driver_url(empty_database_url), outbox.CHANNEL, heard.set))
    try:
        async with made.read() as read, db.read() as read_of_revisions:
            rows = (await read.execute(trigger)).all()
            assert len(rows) == 1
            assert rows == (await read_of_revisions.execute(trigger)).all()
        async with asyncio.timeout(30):
            await heard.wait()  # it is connected
            heard.clear()
            await made.run(_rename)
            await heard.wait()
    finally:
        listening.cancel()
        await made.close()


async def _rename(tx: Tx) -> None:
    outbox.add(tx, Renamed(lamp_id=LAMP))


LAMP = UUID("0192aaaa-0000-7000-8000-000000000001")


async def rows(db: Database) -> list[tuple[object, ...]]:
    async def look(tx: Tx) -> list[tuple[object, ...]]:
        found = await tx.execute(
            text("SELECT kind, name, CAST(payload AS text), key, delay FROM outbox ORDER BY position")
        )
        return [tuple(row) for row in found]

    return await db.run(look)


async def test_messages_are_written_in_their_order_with_what_they_carry(db: Database) -> None:
    async def change(tx: Tx) -> None:
        outbox.add(tx, Renamed(lamp_id=LAMP))
        outbox.enqueue(tx, Dust(softly=False), delay=timedelta(hours=1))
        outbox.enqueue(tx, Dust())

    await db.run(change)

    assert await rows(db) == [
        ("event", "lamps.renamed", f'{{"lamp_id": "{LAMP}"}}', str(LAMP), timedelta(0)),
        ("job", "lamps.dust", '{"softly": false}', None, timedelta(hours=1)),
        ("job", "lamps.dust", '{"softly": true}', None, timedelta(0)),
    ]


async def test_a_transaction_that_is_rolled_back_leaves_nothing(db: Database) -> None:
    class ChangedMyMind(Exception):
        pass

    async def change(tx: Tx) -> None:
        outbox.enqueue(tx, Dust())  # the first statement, where a lazy BEGIN would be late
        await tx.flush()
        outbox.add(tx, Renamed(lamp_id=LAMP))
        raise ChangedMyMind

    with pytest.raises(ChangedMyMind):
        await db.run(change)
    assert await rows(db) == []


async def test_a_name_that_is_not_stable_looking_is_refused(db: Database) -> None:
    class Odd(Job, frozen=True):
        name: ClassVar[str] = "Odd name"

    async def change(tx: Tx) -> None:
        outbox.enqueue(tx, Odd())

    with pytest.raises(IntegrityError, match="ck_outbox_name_form"):
        await db.run(change)
    assert await rows(db) == []


@pytest.mark.parametrize(
    ("case", "delay", "accepted"),
    [
        ("a moment before now", -timedelta(microseconds=1), False),
        ("the longest", outbox.LONGEST_DELAY, True),
        ("a moment longer", outbox.LONGEST_DELAY + timedelta(microseconds=1), False),
        ("for ever", timedelta.max, False),
    ],
)
async def test_a_job_can_be_put_off_by_a_year_at_most(
    db: Database, case: str, delay: timedelta, accepted: bool
) -> None:
    async def change(tx: Tx) -> None:
        outbox.enqueue(tx, Dust(), delay=delay)

    if accepted:
        await db.run(change)
        assert [row[-1] for row in await rows(db)] == [delay]
    else:
        with pytest.raises(ValueError, match="0 to 366 days"):
            await db.run(change)
        assert await rows(db) == []


class Quoted(Event, frozen=True):
    name: ClassVar[str] = "lamps.quoted"
    words: str


@pytest.mark.parametrize("how", ["told", "asked for"])
@pytest.mark.parametrize(("case", "more", "accepted"), [("the largest", 0, True), ("a byte larger", 1, False)])
async def test_a_message_holds_facts_and_no_files(db: Database, how: str, case: str, more: int, accepted: bool) -> None:
    class Copied(Job, frozen=True):
        name: ClassVar[str] = "lamps.copied"
        words: str

    words = "a" * (outbox.LARGEST_BYTES - len('{"words":""}') + more)

    async def change(tx: Tx) -> None:
        if how == "told":
            outbox.add(tx, Quoted(words=words))
        else:
            outbox.enqueue(tx, Copied(words=words))

    if accepted:
        await db.run(change)
        assert len(await rows(db)) == 1
    else:
        with pytest.raises(ValueError, match=r"262,145 bytes; a message may have 262,144"):
            await db.run(change)
        assert await rows(db) == []
