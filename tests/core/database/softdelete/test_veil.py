"""Whoever asks, and in whichever way: what is hidden is not there."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import (
    Executable,
    Table,
    Text,
    case,
    delete,
    exists,
    func,
    lateral,
    literal,
    select,
    text,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import CompileError
from sqlalchemy.orm import aliased, joinedload, selectinload

from tests.core.database.softdelete.lamps import LAMPS, AnySelect, Lamp, Room, rows
from threadly.core.database import Database, Prepared, Tx, softdelete
from threadly.core.database.softdelete import with_deleted

OTHER = aliased(Lamp)
EVERY = with_deleted(Lamp)
KEPT = [(1,), (3,), (5,), (7,)]
LOOKS: dict[str, tuple[AnySelect, list[tuple[Any, ...]]]] = {
    "columns": (select(Lamp.id), KEPT),
    "the table's own columns": (select(Lamp.__table__.c.id), KEPT),
    "an alias": (select(OTHER.id), KEPT),
    "an alias of the table": (select(Lamp.__table__.alias("l").c.id), KEPT),
    "a condition": (select(Lamp.id).where(Lamp.id.between(2, 3)), [(3,)]),
    "a condition on what is hidden": (select(Lamp.id).where(Lamp.deleted_at.is_not(None)), []),
    "a count": (select(func.count()).select_from(Lamp), [(4,)]),
    "a sum for each": (select(Lamp.name, func.sum(Lamp.size)).group_by(Lamp.name).where(Lamp.size < 3), [
        ("desk", 1), ("hall", 2), ("wall", 2),
    ]),
    "an inner join": (select(Lamp.id, Room.id).join(Room, Room.id == Lamp.room_id), [(1, 1), (7, 1)]),
    "an outer join": (
        select(Lamp.id, Room.id).outerjoin(Room, Room.id == Lamp.room_id), [(1, 1), (3, None), (5, None), (7, 1)],
    ),
    "a full join": (
        select(Lamp.id, Room.id).join(Room, Room.id == Lamp.room_id, full=True),
        [(1, 1), (3, None), (5, None), (7, 1), (None, 3)],
    ),
    "a join along a relationship": (select(Room.id, Lamp.id).join(Room.lamps), [(1, 1), (1, 7)]),
    "a table beside another": (select(Room.id, Lamp.id).where(Room.id == Lamp.room_id), [(1, 1), (1, 7)]),
    "exists": (select(Room.id).where(exists().where(Lamp.room_id == Room.id, Lamp.size == 2)), [(1,)]),
    "a relationship that has": (select(Lamp.id).where(Lamp.room.has()), [(1,), (7,)]),
    "not in": (select(Room.id).where(Room.id.not_in(select(Lamp.room_id).where(Lamp.room_id.is_not(None)))), [(3,)]),
    "a value for each": (
        select(Room.id, select(func.count(Lamp.id)).where(Lamp.room_id == Room.id).scalar_subquery()),
        [(1, 2), (3, 0)],
    ),
    "a subquery": (select(select(Lamp.id).subquery().c.id), KEPT),
    "a common table expression": (select(select(Lamp.id).cte("some").c.id), KEPT),
    "a subquery at the side": (
        select(Room.id, lateral(select(Lamp.id).where(Lamp.room_id == Room.id)).c.id), [(1, 1), (1, 7)],
    ),
    "a union": (
        select(union_all(select(Lamp.id), select(Room.id)).subquery().c.id),
        [(1,), (1,), (3,), (3,), (5,), (7,)],
    ),
    "a case": (select(case((exists(select(Room.id).where(Room.id == 2)), "there"), else_="gone")), [("gone",)]),
    "rows as JSON": (select(func.json_agg(Lamp.id).cast(Text)), [("[1, 3, 5, 7]",)]),
}  # fmt: skip


@pytest.mark.parametrize("how", LOOKS)
async def test_no_select_sees_what_is_hidden(house: Database, how: str) -> None:
    statement, expected = LOOKS[how]

    async def within(tx: Tx) -> list[tuple[Any, ...]]:
        return sorted((tuple(row) for row in await tx.execute(statement)), key=repr)

    assert await rows(house, statement) == sorted(expected, key=repr)
    assert await house.run(within) == sorted(expected, key=repr)
    async with house.read() as read:
        prepared = sorted((tuple(row) for row in await Prepared(statement).fetch(read)), key=repr)
    assert prepared == sorted(expected, key=repr)


async def test_objects_and_what_they_lead_to_are_those_that_are_kept(house: Database) -> None:
    async def look(tx: Tx) -> None:
        assert await tx.get(Lamp, 2) is None
        assert [lamp.id for lamp in await tx.scalars(select(Lamp).order_by(Lamp.id))] == [1, 3, 5, 7]
        for how in (joinedload, selectinload):
            found = select(Room).options(how(Room.lamps)).order_by(Room.id).execution_options(populate_existing=True)
            assert [
                (room.id, sorted(lamp.id for lamp in room.lamps)) for room in (await tx.scalars(found)).unique()
            ] == [
                (1, [1, 7]),
                (3, []),
            ]
            homes = select(Lamp).options(how(Lamp.room)).order_by(Lamp.id).execution_options(populate_existing=True)
            assert [lamp.room and lamp.room.id for lamp in await tx.scalars(homes)] == [1, None, None, 1]
        locked = select(Lamp).where(Lamp.size == 2).order_by(Lamp.id).with_for_update(of=Lamp, skip_locked=True)
        assert [lamp.id for lamp in await tx.scalars(locked)] == [5, 7]

    await house.run(look)


async def test_what_is_hidden_is_seen_by_who_says_so(house: Database) -> None:
    every = with_deleted(Lamp)
    assert await rows(house, select(every.id)) == [(id,) for id in range(1, 9)]
    assert await rows(house, select(every.id, Room.id).join(Room, Room.id == every.room_id)) == [(1, 1), (2, 1), (7, 1)]
    assert await rows(house, select(every.id, Lamp.id).outerjoin(Lamp, Lamp.id == every.id).where(every.id < 3)) == [
        (1, 1),
        (2, None),
    ]

    async def look(tx: Tx) -> list[tuple[str, bool]]:
        found = await tx.scalars(select(every).where(every.id.in_([1, 2])).order_by(every.id))
        return [(lamp.name, lamp.deleted_at is None) for lamp in found]

    assert await house.run(look) == [("desk", True), ("desk", False)]


async def test_an_update_leaves_alone_what_is_hidden(house: Database) -> None:
    async def change(tx: Tx) -> None:
        await tx.execute(update(Lamp).values(name="new"))
        await tx.execute(update(Lamp).where(Lamp.room_id == Room.id).values(size=9))
        taken = insert(Lamp).values([{"id": 1, "name": "a", "size": 7}, {"id": 2, "name": "b", "size": 7}])
        await tx.execute(taken.on_conflict_do_update(index_elements=[Lamp.id], set_={"size": taken.excluded.size}))

    await house.run(change)

    every = with_deleted(Lamp)
    changed = await rows(house, select(every.id, every.name, every.size).where(every.id < 5))
    assert changed == [(1, "new", 7), (2, "desk", 2), (3, "new", 3), (4, "floor", 1)]


async def test_an_object_whose_row_somebody_has_hidden_is_not_written(house: Database) -> None:
    every = with_deleted(Lamp)

    async def change(tx: Tx) -> None:
        hidden = (await tx.scalars(select(every).where(every.id == 2))).one()
        hidden.name = "renamed"

    with pytest.raises(Exception, match="expected to update 1 row"):
        await house.run(change)
    assert await rows(house, select(every.name).where(every.id == 2)) == [("desk",)]


@pytest.mark.parametrize("whole", [True, False])
async def test_a_plain_delete_is_refused_and_says_what_to_call(house: Database, whole: bool) -> None:
    async def change(tx: Tx) -> None:
        if whole:
            await tx.execute(delete(Lamp))
        else:
            await tx.delete(await tx.get_one(Lamp, 1))
            await tx.flush()

    with pytest.raises(CompileError, match=r"rows of lamps are hidden by softdelete\.delete"):
        await house.run(change)
    assert len(await rows(house, select(with_deleted(Lamp).id))) == len(LAMPS)


@pytest.mark.parametrize(
    "change", [update(OTHER).values(name="new"), update(EVERY).values(name="new"), delete(OTHER), delete(EVERY)]
)
async def test_what_is_changed_by_another_name_is_refused_in_plain_words(house: Database, change: Executable) -> None:
    async def execute(tx: Tx) -> None:
        await tx.execute(change)

    before = await rows(house, select(EVERY.id, EVERY.name).order_by(EVERY.id))
    with pytest.raises(CompileError, match=r"rows of lamps are changed by its own name"):
        await house.run(execute)
    assert await rows(house, select(EVERY.id, EVERY.name).order_by(EVERY.id)) == before


@pytest.mark.parametrize(
    "waiting",
    [
        select(Lamp.id).where(Lamp.size < 3).order_by(Lamp.id).with_for_update(),
        update(Lamp).where(Lamp.size < 3).values(name="new").returning(Lamp.id),
    ],
    ids=["a select that locks", "an update"],
)
async def test_who_waits_for_a_row_does_not_get_it_once_it_is_hidden(house: Database, waiting: Executable) -> None:
    waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid")

    async def wait(tx: Tx) -> list[int]:
        return sorted((await tx.execute(waiting)).scalars())

    async def hide(tx: Tx) -> asyncio.Task[list[int]]:
        await softdelete.delete(tx, Lamp, [1])
        other = asyncio.create_task(house.run(wait))
        while not other.done() and not await tx.scalar(waits):  # noqa: ASYNC110 - PostgreSQL tells nobody
            await asyncio.sleep(0.01)
        return other

    assert await (await house.run(hide)) == [5, 7]


async def test_postgresql_plans_as_if_the_condition_were_written_by_hand(house: Database) -> None:
    everything = Table("lamps", Lamp.metadata.__class__(), *[column._copy() for column in Lamp.__table__.c])
    by_hand = select(everything.c.id).where(everything.c.deleted_at.is_(None), everything.c.room_id == literal(1))
    assert await plan(house, select(Lamp.id).where(Lamp.room_id == literal(1))) == await plan(house, by_hand)


async def plan(db: Database, statement: AnySelect) -> list[str]:
    """What PostgreSQL would do."""
    async with db.engine.connect() as connection:
        compiled = statement.compile(db.engine.sync_engine, compile_kwargs={"literal_binds": True})
        return list((await connection.exec_driver_sql(f"EXPLAIN {compiled}")).scalars())
