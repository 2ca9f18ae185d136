"""Where SQLAlchemy's own recipe, `with_loader_criteria` on each execution of a session, lets what is hidden through.

The recipe is told of models that are mapped to the same tables, plainly; beside each question, ours is asked the same.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import nullcontext
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import BigInteger, MetaData, Text, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, ORMExecuteState, Session, mapped_column, with_loader_criteria
from sqlalchemy.orm.exc import StaleDataError

from tests.core.database.softdelete.lamps import AnySelect, Lamp, rows
from threadly.core.database import Database, Prepared, Tx, softdelete
from threadly.core.database.softdelete import with_deleted


class Base(DeclarativeBase):
    metadata = MetaData()
    type_annotation_map = {int: BigInteger(), str: Text()}  # noqa: RUF012


class PlainLamp(Base):
    """A lamp as the recipe wants it."""

    __tablename__ = "lamps"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    deleted_at: Mapped[datetime | None]


def hide(state: ORMExecuteState) -> None:
    """The recipe."""
    if state.is_select or state.is_update or state.is_delete:
        hidden = with_loader_criteria(PlainLamp, lambda lamp: lamp.deleted_at.is_(None), include_aliases=True)
        state.statement = state.statement.options(hidden)


@pytest.fixture
def recipe() -> Iterator[None]:
    event.listen(Session, "do_orm_execute", hide)
    yield
    event.remove(Session, "do_orm_execute", hide)


async def in_a_session(db: Database, statement: AnySelect) -> int:
    async def look(tx: Tx) -> int:
        return len((await tx.execute(statement)).all())

    return await db.run(look)


async def on_a_connection(db: Database, statement: AnySelect) -> int:
    async with db.read() as read:
        return len((await read.execute(statement)).all())


async def prepared(db: Database, statement: AnySelect) -> int:
    async with db.read() as read:
        return len(await Prepared(statement).fetch(read))


How = Callable[[Database, AnySelect], Awaitable[int]]
Model = type[Lamp] | type[PlainLamp]


def entities(lamp: Model) -> AnySelect:
    return select(lamp)


def columns(lamp: Model) -> AnySelect:
    return select(lamp.id)


def columns_of_the_table(lamp: Model) -> AnySelect:
    return select(lamp.__table__.c.id)


def names_in_the_table(lamp: Model) -> AnySelect:
    named = lamp.__table__.alias()
    return select(lamp.id).where(select(named.c.id).where(named.c.name == "attic").exists())


@pytest.mark.usefixtures("recipe")
@pytest.mark.parametrize(
    ("ask", "how", "seen_by_the_recipe", "seen_by_ours"),
    [
        (entities, in_a_session, 4, 4),
        (columns, in_a_session, 4, 4),
        (columns_of_the_table, in_a_session, 8, 4),
        (names_in_the_table, in_a_session, 4, 0),
        (columns, on_a_connection, 8, 4),
        (columns_of_the_table, on_a_connection, 8, 4),
        (columns, prepared, 8, 4),
    ],
)
async def test_the_recipe_lets_through_what_no_session_executes_and_no_entity_names(
    house: Database, ask: Callable[[Model], AnySelect], how: How, seen_by_the_recipe: int, seen_by_ours: int
) -> None:
    assert await how(house, ask(PlainLamp)) == seen_by_the_recipe
    assert await how(house, ask(Lamp)) == seen_by_ours


@pytest.mark.usefixtures("recipe")
@pytest.mark.parametrize(("model", "written"), [(PlainLamp, "renamed"), (Lamp, "desk")])
async def test_the_recipe_writes_to_a_row_that_somebody_has_hidden_meanwhile(
    house: Database, model: Model, written: str
) -> None:
    async def change(tx: Tx) -> None:
        lamp: Any = await tx.get_one(model, 1)
        await house.run(softdelete.delete, Lamp, [1])
        lamp.name = "renamed"

    with nullcontext() if model is PlainLamp else pytest.raises(StaleDataError):
        await house.run(change)
    every = with_deleted(Lamp)
    assert await rows(house, select(every.name).where(every.id == 1)) == [(written,)]
