"""What is added is there when the transaction commits, and only then."""

from datetime import timedelta
from typing import ClassVar
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from threadly.core.database import Database, Tx, outbox
from threadly.core.database.outbox import Event, Job


class Renamed(Event, frozen=True):
    name: ClassVar[str] = "lamps.renamed"
    lamp_id: UUID

    @property
    def key(self) -> str:
        return str(self.lamp_id)


class Dust(Job, frozen=True):
    name: ClassVar[str] = "lamps.dust"
    softly: bool = True


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
