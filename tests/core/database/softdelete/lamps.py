"""Rooms and the lamps in them, some hidden: a house that the tests of soft deletes share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, TypeAlias

from sqlalchemy import BigInteger, ForeignKey, MetaData, Select, Text, insert
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from threadly.core.config import Secret
from threadly.core.database import Database, DatabaseSettings, Tx
from threadly.core.database.softdelete import SoftDeleted, unique_among_kept

AnySelect: TypeAlias = Select[*tuple[Any, ...]]
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


class Base(DeclarativeBase):
    """The house."""

    metadata = MetaData()
    type_annotation_map: ClassVar[dict[Any, Any]] = {int: BigInteger(), str: Text()}


class Room(SoftDeleted, Base):
    """A room, of which no two have the same name."""

    __tablename__ = "rooms"
    __table_args__ = (unique_among_kept("name"),)
    kept_for = timedelta(days=7)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    size: Mapped[int] = mapped_column(default=1)
    lamps: Mapped[list["Lamp"]] = relationship(back_populates="room", lazy="raise")


class Lamp(SoftDeleted, Base):
    """A lamp; it goes with its room, if it is in one."""

    __tablename__ = "lamps"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    size: Mapped[int] = mapped_column(default=1)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"))
    room: Mapped[Room | None] = relationship(back_populates="lamps", lazy="raise")

    erased: ClassVar[list[int]] = []

    @classmethod
    async def erasing(cls, tx: Tx, ids: list[Any]) -> None:
        cls.erased += ids


class Bulb(SoftDeleted, Base):
    """A bulb; it goes with its lamp."""

    __tablename__ = "bulbs"

    id: Mapped[int] = mapped_column(primary_key=True)
    lamp_id: Mapped[int] = mapped_column(ForeignKey("lamps.id", ondelete="CASCADE"))


ROOMS: list[dict[str, Any]] = [
    {"id": 1, "name": "hall", "size": 2, "deleted_at": None},
    {"id": 2, "name": "study", "size": 1, "deleted_at": LONG_AGO},
    {"id": 3, "name": "attic", "size": 3, "deleted_at": None},
    {"id": 4, "name": "cellar", "size": 2, "deleted_at": LONG_AGO},
]
LAMPS: list[dict[str, Any]] = [
    {"id": 1, "name": "desk", "size": 1, "room_id": 1, "deleted_at": None},
    {"id": 2, "name": "desk", "size": 2, "room_id": 1, "deleted_at": LONG_AGO},
    {"id": 3, "name": "floor", "size": 3, "room_id": 2, "deleted_at": None},
    {"id": 4, "name": "floor", "size": 1, "room_id": 2, "deleted_at": LONG_AGO},
    {"id": 5, "name": "hall", "size": 2, "room_id": None, "deleted_at": None},
    {"id": 6, "name": "attic", "size": 3, "room_id": None, "deleted_at": LONG_AGO},
    {"id": 7, "name": "wall", "size": 2, "room_id": 1, "deleted_at": None},
    {"id": 8, "name": "wall", "size": 2, "room_id": 4, "deleted_at": LONG_AGO},
]
BULBS: list[dict[str, Any]] = [
    {"id": 1, "lamp_id": 1, "deleted_at": None},
    {"id": 2, "lamp_id": 1, "deleted_at": LONG_AGO},
    {"id": 3, "lamp_id": 7, "deleted_at": None},
]


def opened(url: str, *, schema: str = "public") -> Database:
    """A database, of which one schema is looked at."""
    settings = DatabaseSettings(url=Secret(url), pool_size=2, statement_timeout=timedelta(seconds=30))
    return Database(settings, server_settings={"search_path": schema})


@asynccontextmanager
async def furnished(url: str) -> AsyncIterator[Database]:
    """The house, in a database of its own."""
    db = opened(url)
    async with db.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
        await connection.execute(insert(Room), ROOMS)
        await connection.execute(insert(Lamp), LAMPS)
        await connection.execute(insert(Bulb), BULBS)
    try:
        yield db
    finally:
        await db.close()


async def rows(db: Database, statement: AnySelect) -> list[tuple[Any, ...]]:
    """What it gives, in order."""
    async with db.read() as read:
        return sorted((tuple(row) for row in await read.execute(statement)), key=repr)
