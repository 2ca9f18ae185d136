"""A table that could not keep what the mark promises is refused where it is declared."""

from collections.abc import Callable

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, Connection, Index, MetaData, UniqueConstraint
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.schema import CreateIndex

from tests.core.database.softdelete.lamps import Base, Room
from threadly.core.database import Database, Tx, softdelete
from threadly.core.database.softdelete import SoftDeleted


def in_a_schema(base: type[DeclarativeBase]) -> None:
    class Hat(SoftDeleted, base):  # type: ignore[valid-type, misc]
        __tablename__ = "hats"
        __table_args__ = {"schema": "shop"}  # noqa: RUF012
        id: Mapped[int] = mapped_column(primary_key=True)


def with_two_keys(base: type[DeclarativeBase]) -> None:
    class Hat(base, SoftDeleted):  # type: ignore[valid-type, misc]
        __tablename__ = "hats"
        id: Mapped[int] = mapped_column(primary_key=True)
        size: Mapped[int] = mapped_column(primary_key=True)


def with_a_unique_column(base: type[DeclarativeBase]) -> None:
    class Hat(SoftDeleted, base):  # type: ignore[valid-type, misc]
        __tablename__ = "hats"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(unique=True)


def with_a_unique_constraint(base: type[DeclarativeBase]) -> None:
    class Hat(SoftDeleted, base):  # type: ignore[valid-type, misc]
        __tablename__ = "hats"
        __table_args__ = (CheckConstraint("size > 0"), UniqueConstraint("name", "size"))
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str]
        size: Mapped[int]


def with_a_unique_index(base: type[DeclarativeBase]) -> None:
    class Hat(SoftDeleted, base):  # type: ignore[valid-type, misc]
        __tablename__ = "hats"
        __table_args__ = (Index("uq_hats_name", "name", unique=True),)
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str]


def with_a_unique_index_behind_it(base: type[DeclarativeBase]) -> None:
    class Hat(SoftDeleted, base):  # type: ignore[valid-type, misc]
        __tablename__ = "hats"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str]

    Index("ix_hats_name", Hat.name)
    Index("uq_hats_name", Hat.name, unique=True, postgresql_where=Hat.deleted_at.is_(None))
    Index("uq_hats_name_for_ever", Hat.name, unique=True)


@pytest.mark.parametrize(
    ("declare", "said"),
    [
        (in_a_schema, r"shop\.hats: what is deleted softly stands in no schema of its own"),
        (with_two_keys, "hats: what is deleted softly has one column as its key"),
        (with_a_unique_column, r"unique_among_kept\(\"name\"\)"),
        (with_a_unique_constraint, r"unique_among_kept\(\"name\", \"size\"\)"),
        (with_a_unique_index, r"unique_among_kept\(\"name\"\)"),
        (with_a_unique_index_behind_it, r"unique_among_kept\(\"name\"\)"),
    ],
)
def test_what_could_not_be_hidden_well_is_refused(declare: Callable[[type[DeclarativeBase]], None], said: str) -> None:
    class Bare(DeclarativeBase):
        metadata = MetaData()

    with pytest.raises(TypeError, match=said):
        declare(Bare)


def test_the_purge_finds_what_is_hidden_by_an_index_of_its_own() -> None:
    made = [str(CreateIndex(index).compile(dialect=postgresql.dialect())) for index in Room.__table__.indexes]  # type: ignore[no-untyped-call, attr-defined]
    assert "CREATE INDEX ix_rooms_deleted_at ON rooms (deleted_at) WHERE deleted_at IS NOT NULL" in made


async def test_to_migrations_the_table_is_a_table_like_any_other(house: Database) -> None:
    def differences(connection: Connection) -> object:
        return compare_metadata(MigrationContext.configure(connection), Base.metadata)

    async with house.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_a_name_is_free_again_once_it_is_hidden_and_its_former_owner_cannot_come_back(house: Database) -> None:
    async def add(tx: Tx) -> None:
        tx.add(Room(id=9, name="study"))

    await house.run(add)
    with pytest.raises(IntegrityError, match="ix_rooms_name"):
        await house.run(softdelete.restore, Room, [2])

    async def names(tx: Tx) -> list[int]:
        return [id for id in range(10) if await tx.get(Room, id) is not None]

    assert await house.run(names) == [1, 3, 9]
