"""An act is recorded in its own transaction, scrubbed, with who did it and because of what."""

import asyncio
from uuid import uuid4

import pytest

from threadly.core import audit
from threadly.core.audit import Recorded, record, search
from threadly.core.database import Database, Tx
from threadly.core.observability import Work


class ThingDone(audit.Act):
    """A thing was done, in a test."""

    name = "test.thing_done"


async def all_of(db: Database) -> list[Recorded]:
    async with db.read() as read:
        return list(await search(read, limit=1000))


async def test_a_request_a_job_and_a_command_are_told_apart(db: Database) -> None:
    id = uuid4()
    with Work(request_id="r1", method="POST", route="/things/{id}"):
        await db.run(
            record, ThingDone, actor=audit.named("member", id), target=audit.named("listing", id), after={"size": 3}
        )
    with Work(job="things.sweep", job_id=7):
        await db.run(record, ThingDone, target="things")
    with audit.acting("operator anna@shop", cause="command things"):
        await db.run(record, ThingDone, target="things", before={"state": "old"})
    await db.run(record, ThingDone, target="things")

    told = [(act.actor, act.cause, act.target, act.before, act.after, act.request_id) for act in await all_of(db)]
    assert told == [
        ("system", "unknown", "things", None, None, None),
        ("operator anna@shop", "command things", "things", {"state": "old"}, None, None),
        ("system", "job things.sweep", "things", None, None, None),
        (f"member {id}", "POST /things/{id}", f"listing {id}", None, {"size": 3}, "r1"),
    ]


async def test_who_acts_is_who_types_at_this_machine() -> None:
    assert audit.operator().startswith("operator ")
    assert "@" in audit.operator()


async def test_an_act_that_is_rolled_back_leaves_none(db: Database) -> None:
    async def fail(tx: Tx) -> None:
        await record(tx, ThingDone, target="things")
        raise LookupError

    with pytest.raises(LookupError):
        await db.run(fail)
    assert await all_of(db) == []


async def test_nothing_private_and_nothing_of_any_length_is_written(db: Database) -> None:
    await db.run(
        record,
        ThingDone,
        actor="x" * 1000,
        target="y" * 1000,
        before={
            "password": "seven wool coats",
            "bio": "write to mila@shop.example, 4111 1111 1111 1111",
            "nul": "a\0b",
        },
        after={f"field{number}": "z" * 1000 for number in range(40)},
    )
    (act,) = await all_of(db)
    assert (len(act.actor), len(act.target)) == (200, 200)
    told = str(act.before)
    for private in ("seven wool coats", "mila@shop.example", "4111"):
        assert private not in told
    assert act.before is not None
    assert act.before["nul"] == "ab"
    assert act.after is not None
    assert (act.after["cut"], len(act.after["names"])) == (True, 40)


async def test_writers_do_not_wait_for_each_other(db: Database) -> None:
    first_has_written, second_is_done = asyncio.Event(), asyncio.Event()

    async def first(tx: Tx) -> None:
        await record(tx, ThingDone, target="first")
        first_has_written.set()
        await asyncio.wait_for(second_is_done.wait(), 20)

    running = asyncio.create_task(db.run(first))
    await first_has_written.wait()
    await db.run(record, ThingDone, target="second")
    second_is_done.set()
    await running
    assert {act.target for act in await all_of(db)} == {"first", "second"}
