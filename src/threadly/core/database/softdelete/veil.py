"""How nobody sees what is hidden: by what SQLAlchemy writes for a table.

Wherever it names such a table, it writes what is left of it instead:

    FROM (SELECT * FROM lamps WHERE lamps.deleted_at IS NULL) AS lamps

so it does not matter who asks, or in which way: entities or columns, `get`, relationships, either side of an outer
join, subqueries, EXISTS, aggregates; a session, a connection, a prepared statement. PostgreSQL takes such a subquery
apart again and plans as if the condition stood in WHERE, or in ON; partial indexes serve. UPDATE, and ON CONFLICT DO
UPDATE, leave alone what is hidden. DELETE is refused, and so is either of an alias, `with_deleted` included.

Not guaranteed: anything where the name is written by hand (`text`, `table("lamps")`: habits keep both out of slices).
Nor in a copy of the table (`to_metadata`), nor for the own columns of a model that inherits by a join, as its table has
no mark. PostgreSQL refuses columns that GROUP BY does not name, though they follow from the key, and TABLESAMPLE.
"""

from typing import Any, Final, Self, TypeAlias

from sqlalchemy import Alias, ColumnElement, Delete, FromClause, Table, Update, and_
from sqlalchemy.dialects.postgresql.dml import OnConflictDoUpdate
from sqlalchemy.exc import CompileError
from sqlalchemy.ext.compiler import compiles

MARK: Final = "deleted_at"
_UNVEILED: Final = "is_unveiled"
_Compiler: TypeAlias = Any  # SQLAlchemy's own has no types for what is visited


class SoftTable(Table):
    """A table of which statements see only the rows that are not hidden."""

    inherit_cache = True


class Everything(Alias):
    """The table as it is, under another name."""

    inherit_cache = True

    @classmethod
    def of(cls, table: FromClause) -> Self:
        """All rows of a table."""
        return cls._construct(table)


class UpdateEvery(Update):
    """An UPDATE that changes hidden rows, too."""

    inherit_cache = True


class DeleteEvery(Delete):
    """A DELETE of rows, hidden or not: what goes so is gone."""

    inherit_cache = True


@compiles(SoftTable)
def _kept(table: SoftTable, compiler: _Compiler, **how: Any) -> str:  # noqa: ANN401 - the compiler's own
    is_unveiled = how.pop(_UNVEILED, False)
    written: str = compiler.visit_table(table, **how)
    stands_in_from = how.get("asfrom") or how.get("within_tstring")
    if is_unveiled or not stands_in_from or how.get("iscrud") or MARK not in table.c:
        return written
    name = compiler.preparer.quote(table.name)
    kept = f"(SELECT * FROM {name} WHERE {name}.{MARK} IS NULL)"  # noqa: S608 - names, quoted where they need it
    around = how.get("enclosing_alias")
    if around is not None and around.element is table:
        return kept  # it gets its name from there
    return kept + (written.removeprefix(name) or f" AS {name}")


@compiles(Everything)
def _everything(everything: Everything, compiler: _Compiler, **how: Any) -> str:  # noqa: ANN401
    return str(compiler.visit_alias(everything, **how, **{_UNVEILED: True}))


@compiles(Update)
def _update_kept(update: Update, compiler: _Compiler, **how: Any) -> str:  # noqa: ANN401
    _refuse_alias(update.table)
    return str(compiler.visit_update(update.where(*_is_kept(update.table)), **how))


@compiles(UpdateEvery)
def _update_every(update: UpdateEvery, compiler: _Compiler, **how: Any) -> str:  # noqa: ANN401
    return str(compiler.visit_update(update, **how))


@compiles(Delete)
def _refuse_delete(delete: Delete, compiler: _Compiler, **how: Any) -> str:  # noqa: ANN401
    _refuse_alias(delete.table)
    if _is_kept(delete.table):
        name = delete.table.description
        raise CompileError(f"rows of {name} are hidden by softdelete.delete, and removed by softdelete.erase")
    return str(compiler.visit_delete(delete, **how))


@compiles(DeleteEvery)
def _delete_every(delete: DeleteEvery, compiler: _Compiler, **how: Any) -> str:  # noqa: ANN401
    return str(compiler.visit_delete(delete, **how))


@compiles(OnConflictDoUpdate)
def _update_kept_on_conflict(clause: OnConflictDoUpdate, compiler: _Compiler, **how: Any) -> str:  # noqa: ANN401
    if conditions := _is_kept(compiler.stack[-1]["selectable"].table):
        already = clause.update_whereclause
        clause = clause._clone()  # noqa: SLF001 - it has no public way to be told more
        clause.update_whereclause = and_(*conditions, *([] if already is None else [already]))
    return str(compiler.visit_on_conflict_do_update(clause, **how))


def _refuse_alias(table: FromClause) -> None:
    if isinstance(table, Alias) and isinstance(table.element, SoftTable):
        raise CompileError(
            f"rows of {table.element.name} are changed by its own name, and by no other: not hidden ones"
        )


def _is_kept(table: FromClause) -> list[ColumnElement[bool]]:
    return [table.c[MARK].is_(None)] if isinstance(table, SoftTable) and MARK in table.c else []
