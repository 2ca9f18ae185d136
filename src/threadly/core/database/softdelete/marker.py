"""The mark of models whose rows are hidden before they go, and the way to see what is hidden."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, TypeVar, cast

from sqlalchemy import DateTime, Index, UniqueConstraint, event, inspect, text
from sqlalchemy.orm import Mapped, aliased, mapped_column

from threadly.core.database.sessions import Tx
from threadly.core.database.softdelete.veil import MARK, Everything, SoftTable

M = TypeVar("M", bound="SoftDeleted")


class SoftDeleted:
    """Beside the base of a model, hides its rows before they go for good: `class Lamp(SoftDeleted, Model)`.

    It has one column as its key, and what is unique in it is so among what is kept: `unique_among_kept`.
    """

    __table_cls__ = SoftTable
    kept_for: ClassVar[timedelta] = timedelta(days=30)
    """How long a hidden row can be restored, before the purge takes it."""

    deleted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    def __init_subclass__(cls, **kwargs: Any) -> None:  # noqa: ANN401 - the declarative base's own
        super().__init_subclass__(**kwargs)
        table = cls.__dict__.get("__table__")
        if isinstance(table, SoftTable) and MARK in table.c:
            _refuse_unfit(table)
            Index(f"ix_{table.name}_{MARK}", table.c[MARK], postgresql_where=table.c[MARK].is_not(None))

    @classmethod
    async def erasing(cls, tx: Tx, ids: list[Any]) -> None:
        """Called where rows go for good, before they do and in the same transaction, for what must go along."""


def with_deleted(model: type[M]) -> type[M]:
    """The model with what is hidden, to be selected from under the name it is given: `every = with_deleted(Lamp)`."""
    return cast("type[M]", aliased(model, Everything.of(inspect(model).local_table)))


def unique_among_kept(*columns: str) -> Index:
    """Unique while it is not hidden; for `__table_args__`. It refuses to restore what was replaced meanwhile."""
    return Index(None, *columns, unique=True, postgresql_where=text(f"{MARK} IS NULL"))


def _refuse_unfit(table: SoftTable) -> None:
    if table.schema is not None:
        raise TypeError(f"{table.fullname}: what is deleted softly stands in no schema of its own")
    if len(table.primary_key.columns) != 1:
        raise TypeError(f"{table.name}: what is deleted softly has one column as its key")
    for made in (*table.constraints, *table.indexes):
        _refuse_everlasting(made, table)


def _refuse_everlasting(made: object, table: object) -> None:
    if not isinstance(table, SoftTable) or MARK not in table.c:
        return
    if isinstance(made, UniqueConstraint) or (
        isinstance(made, Index) and made.unique and MARK not in str(_where(made))
    ):
        names = ", ".join(f'"{column.name}"' for column in made.columns)
        raise TypeError(f"{table.name}: what is hidden would be in the way of what is new; unique_among_kept({names})")


for _made in (Index, UniqueConstraint):  # those that are declared behind the class
    event.listen(_made, "after_parent_attach", _refuse_everlasting)


def _where(index: Index) -> object:
    return index.dialect_options["postgresql"]["where"]
