"""Fields in the binary format of PostgreSQL's COPY: each is its length and its bytes, in network order.

https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format"
"""

from datetime import UTC, datetime, timedelta
from struct import Struct
from typing import Final
from uuid import UUID

HEADER: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
"""What a stream begins with: the signature, no flags, no extension."""

TRAILER: Final = b"\xff\xff"
"""What it ends with."""

NULL: Final = b"\xff\xff\xff\xff"
EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""The moment from which PostgreSQL counts microseconds."""

LENGTH: Final = Struct(">i").pack
COUNT: Final = Struct(">h").pack
"""How many fields a row has: what each row begins with."""

_INT8 = Struct(">iq").pack
_INT2 = Struct(">ih").pack
_INT4 = Struct(">ii").pack


def text(value: str | None) -> bytes:
    """A text, or the label of an enum."""
    if value is None:
        return NULL
    content = value.encode()
    return LENGTH(len(content)) + content


def uuid(value: UUID | None) -> bytes:
    """An id."""
    return NULL if value is None else LENGTH(16) + value.bytes


def bigint(value: int) -> bytes:
    """An integer of eight bytes."""
    return _INT8(8, value)


def integer(value: int) -> bytes:
    """An integer of four bytes."""
    return _INT4(4, value)


def smallint(value: int) -> bytes:
    """An integer of two bytes."""
    return _INT2(2, value)


def microseconds(moment: datetime) -> int:
    """A moment as PostgreSQL counts."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def timestamp(moment: datetime) -> bytes:
    """A moment."""
    return bigint(microseconds(moment))


def row(*fields: bytes) -> bytes:
    """A whole row."""
    return COUNT(len(fields)) + b"".join(fields)


def timestamps(*moments: int | None) -> bytes:
    """Moments in PostgreSQL's microseconds, some of which may not be."""
    return b"".join(NULL if moment is None else _INT8(8, moment) for moment in moments)
