"""Rows are hidden, brought back, and removed for good, with what hangs on them.

What hangs on a row are the rows of tables that are deleted softly, too, by foreign keys ON DELETE CASCADE, as
PostgreSQL would follow them. What one call hides has one time, by which one call brings it back: what had been hidden
before stays hidden. Objects of rows that have changed so leave the session, which asks anew then.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeAlias, cast

from sqlalchemy import ARRAY, Column, ColumnElement, FromClause, Table, any_, inspect, literal, select, tuple_
from sqlalchemy.orm import Mapper

from threadly.core import clock
from threadly.core.database.sessions import Tx
from threadly.core.database.softdelete.marker import SoftDeleted
from threadly.core.database.softdelete.veil import DeleteEvery, Everything, SoftTable, UpdateEvery

_Pairs: TypeAlias = Sequence[tuple[str, str]]
"""Columns that refer, and what they refer to."""


async def delete(tx: Tx, model: type[SoftDeleted], ids: Collection[Any]) -> list[Any]:
    """Hides rows by their ids, and says which; what is not there, or hidden already, is left out."""
    await tx.flush()
    return await _mark(tx, _mapper(model), _among(_key(_table(model)), ids), before=None, after=clock.now())


async def restore(tx: Tx, model: type[SoftDeleted], ids: Collection[Any]) -> list[Any]:
    """Brings hidden rows back, with what was hidden along with them, and says which.

    Raises:
        IntegrityError: What is unique among the kept has been taken meanwhile.
    """
    await tx.flush()
    key = _key(_table(model))
    every = Everything.of(_table(model))
    is_hidden = every.c.deleted_at.is_not(None)
    hidden = select(every.c[key.name], every.c.deleted_at).where(_among(every.c[key.name], ids), is_hidden)
    back: list[Any] = []
    for id, at in (await tx.execute(hidden.order_by(every.c[key.name]).with_for_update())).all():
        back += await _mark(tx, _mapper(model), key == id, before=at, after=None)
    return back


async def erase(tx: Tx, model: type[SoftDeleted], ids: Collection[Any]) -> list[Any]:
    """Removes rows for good, hidden or not, and says which. `erasing` of each table is told first."""
    await tx.flush()
    table, every = _table(model), Everything.of(_table(model))
    key = every.c[_key(table).name]
    there = list(await tx.scalars(select(key).where(_among(key, ids)).order_by(key).with_for_update()))
    if not there:
        return []
    for child, pairs in _hanging(_mapper(model)):
        hangs = Everything.of(child.local_table)
        hanging = select(hangs.c[_key(child.local_table).name]).where(_refers(hangs, pairs, table, there))
        await erase(tx, child.class_, (await tx.scalars(hanging)).all())
    await model.erasing(tx, there)
    await tx.execute(DeleteEvery(table).where(_among(_key(table), there)))
    _forget(tx, _mapper(model), there)
    return there


async def _mark(
    tx: Tx, mapper: Mapper[Any], which: ColumnElement[bool], *, before: datetime | None, after: datetime | None
) -> list[Any]:
    table = cast("Table", mapper.local_table)
    is_as_before = table.c.deleted_at == before  # or IS NULL
    update = UpdateEvery(table).where(which, is_as_before).values(deleted_at=after).returning(_key(table))
    marked = list(await tx.scalars(update))
    if marked:
        _forget(tx, mapper, marked)
        for child, pairs in _hanging(mapper):
            await _mark(tx, child, _refers(child.local_table, pairs, table, marked), before=before, after=after)
    return marked


def _hanging(mapper: Mapper[Any]) -> Iterator[tuple[Mapper[Any], _Pairs]]:
    for child in mapper.registry.mappers:
        if not isinstance(child.local_table, SoftTable):
            continue
        for constraint in child.local_table.foreign_key_constraints:
            if constraint.referred_table is mapper.local_table and (constraint.ondelete or "").upper() == "CASCADE":
                yield child, [(element.parent.name, element.column.name) for element in constraint.elements]


def _refers(child: FromClause, pairs: _Pairs, parent: Table, ids: Collection[Any]) -> ColumnElement[bool]:
    every = Everything.of(parent)
    keys = select(*(every.c[name] for _, name in pairs)).where(_among(every.c[_key(parent).name], ids))
    return tuple_(*(child.c[name] for name, _ in pairs)).in_(keys)


def _among(column: ColumnElement[Any], ids: Collection[Any]) -> ColumnElement[bool]:
    """One value for any number of ids, so one statement."""
    return column == any_(literal(list(ids), ARRAY(column.type)))


def _forget(tx: Tx, mapper: Mapper[Any], ids: Collection[Any]) -> None:
    loaded = tx.sync_session.identity_map
    for id in ids:
        if (there := loaded.get(mapper.identity_key_from_primary_key((id,)))) is not None:
            tx.expunge(there)


def _mapper(model: type[SoftDeleted]) -> Mapper[Any]:
    return cast("Mapper[Any]", inspect(model))


def _table(model: type[SoftDeleted]) -> Table:
    return cast("Table", _mapper(model).local_table)


def _key(table: FromClause) -> Column[Any]:
    (key,) = cast("Table", table).primary_key.columns
    return key
