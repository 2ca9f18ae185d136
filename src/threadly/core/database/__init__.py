"""PostgreSQL for asyncio applications: `read` looks, `run` changes; keyset pages; named constraints."""

from threadly.core.database.commits import after_commit
from threadly.core.database.engine import Database, driver_url
from threadly.core.database.errors import (
    DatabaseBusy,
    DatabaseContended,
    DatabaseFull,
    DatabaseMissing,
    DatabaseNotForUs,
    DatabaseReadOnly,
    DatabaseTooSlow,
    DatabaseUnavailable,
    constraint_of,
)
from threadly.core.database.keyset import CursorRejected, Cursors
from threadly.core.database.model import Model
from threadly.core.database.prepared import Prepared
from threadly.core.database.sessions import ReadSession, Tx
from threadly.core.database.settings import DatabaseSettings

__all__ = [
    "CursorRejected",
    "Cursors",
    "Database",
    "DatabaseBusy",
    "DatabaseContended",
    "DatabaseFull",
    "DatabaseMissing",
    "DatabaseNotForUs",
    "DatabaseReadOnly",
    "DatabaseSettings",
    "DatabaseTooSlow",
    "DatabaseUnavailable",
    "Model",
    "Prepared",
    "ReadSession",
    "Tx",
    "after_commit",
    "constraint_of",
    "driver_url",
]
