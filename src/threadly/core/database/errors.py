"""What can be wrong with a database, and how PostgreSQL says so."""

from enum import Enum, auto
from typing import Any, Final

import asyncpg
from sqlalchemy.exc import DBAPIError

from threadly.core.errors import Unavailable


class DatabaseUnavailable(Unavailable):
    """PostgreSQL cannot be reached, or every connection stayed busy for the whole wait."""

    code = "database_unavailable"
    title = "We cannot reach our records right now. Please try again in a moment."


class DatabaseBusy(DatabaseUnavailable):
    """As many wait for a connection as may; this one would have waited in vain. Nothing has changed."""

    code = "database_busy"
    title = "Very many people are here right now. Please try again in a moment."


class DatabaseTooSlow(DatabaseUnavailable):
    """It took longer than it may: a statement, a lock, or all of a request. Nothing has changed."""

    code = "database_too_slow"
    title = "We cannot do this quickly enough right now. Please try again in a moment."


class DatabaseContended(DatabaseUnavailable):
    """Others changed the same at each attempt. Nothing has changed."""

    code = "database_contended"
    title = "Others are changing the same thing right now. Please try again in a moment."


class DatabaseFull(DatabaseUnavailable):
    """PostgreSQL has no disk, memory or the like left for this. Nothing has changed."""

    code = "database_full"
    title = "We cannot write this down right now. Please try again in a moment."


class DatabaseReadOnly(DatabaseUnavailable):
    """This server only looks, as a standby does until it takes over. Nothing has changed."""

    code = "database_read_only"
    title = "We can show things right now, and change nothing. Please try again in a moment."


class DatabaseNotForUs(DatabaseUnavailable):
    """PostgreSQL was reached and does not let us in: the role, its password, or what the server's pg_hba.conf says."""

    code = "database_not_for_us"
    title = "We cannot reach our records right now. Please try again in a moment."


class DatabaseMissing(DatabaseUnavailable):
    """PostgreSQL was reached and has no database of that name."""

    code = "database_missing"
    title = "We cannot reach our records right now. Please try again in a moment."


class Trouble(Enum):
    """Why something may do later, or again, that is not wrong in itself."""

    LOST = auto()
    """The connection is gone, or is not let in now."""
    SILENT = auto()
    """Nothing is heard; it is given up, and so is its connection."""
    CONFLICT = auto()
    """Rolled back in favour of another transaction."""
    OUTDATED = auto()
    """A migration has outdated a plan that the connection kept."""
    LATE = auto()
    """The caller's deadline has passed."""
    TOO_SLOW = auto()
    FULL = auto()
    READ_ONLY = auto()
    AILING = auto()
    """An operator intervened, or the system under it failed."""
    NOT_FOR_US = auto()
    MISSING = auto()


_BY_CODE: Final = (
    ("08", Trouble.LOST),  # connection_exception
    ("57P", Trouble.LOST),  # admin_shutdown, crash_shutdown, cannot_connect_now
    ("53300", Trouble.LOST),  # too_many_connections
    ("40001", Trouble.CONFLICT),  # serialization_failure
    ("40P01", Trouble.CONFLICT),  # deadlock_detected
    ("57014", Trouble.TOO_SLOW),  # query_canceled
    ("55P03", Trouble.TOO_SLOW),  # lock_not_available
    ("53", Trouble.FULL),  # insufficient_resources
    ("58030", Trouble.FULL),  # io_error, which is how a full disk is told of a file that could not be extended
    ("25006", Trouble.READ_ONLY),  # read_only_sql_transaction
    ("55006", Trouble.AILING),  # object_in_use, as a database that is being copied
    ("57", Trouble.AILING),
    ("58", Trouble.AILING),
)
"""How PostgreSQL's codes begin (its appendix A); the first that fits counts."""
_AT_CONNECTING: Final = (
    ("28", Trouble.NOT_FOR_US),  # invalid_authorization_specification, invalid_password
    ("3D000", Trouble.MISSING),  # invalid_catalog_name
)
"""What these say of a statement is wrong with the statement."""
_OUTDATED: Final = "InvalidCachedStatementError"
"""What asyncpg and SQLAlchemy both call it; its code (0A000) would stand for much else."""
_TYPES: Final[dict[Trouble, type[DatabaseUnavailable]]] = {
    Trouble.LOST: DatabaseUnavailable,
    Trouble.SILENT: DatabaseUnavailable,
    Trouble.CONFLICT: DatabaseContended,
    Trouble.OUTDATED: DatabaseUnavailable,
    Trouble.LATE: DatabaseTooSlow,
    Trouble.TOO_SLOW: DatabaseTooSlow,
    Trouble.FULL: DatabaseFull,
    Trouble.READ_ONLY: DatabaseReadOnly,
    Trouble.AILING: DatabaseUnavailable,
    Trouble.NOT_FOR_US: DatabaseNotForUs,
    Trouble.MISSING: DatabaseMissing,
}


def sqlstate_of(failure: BaseException) -> str | None:
    """PostgreSQL's code for it, if it came with one."""
    cause: Any = failure.orig if isinstance(failure, DBAPIError) else failure
    sqlstate = getattr(cause, "sqlstate", None)
    return None if sqlstate is None else str(sqlstate)


def reason_of(failure: BaseException) -> str:
    """Why the database failed somebody: PostgreSQL's code, or what the driver raised by its kind; never its words."""
    while isinstance(failure, DatabaseUnavailable) and failure.__cause__ is not None:
        failure = failure.__cause__
    cause: Any = failure.orig if isinstance(failure, DBAPIError) and failure.orig is not None else failure
    return sqlstate_of(failure) or type(cause).__name__


def constraint_of(failure: BaseException) -> str | None:
    """The constraint that a statement has broken, by its name; None if it is about none."""
    cause = failure.orig.__cause__ if isinstance(failure, DBAPIError) and failure.orig is not None else failure
    name = getattr(cause, "constraint_name", None)
    return None if name is None else str(name)


def trouble_of(failure: BaseException) -> Trouble | None:
    """What is wrong with the database, by what the driver or SQLAlchemy raised; None: with the statement itself."""
    if isinstance(failure, TimeoutError):
        return Trouble.SILENT
    if type(getattr(failure, "orig", failure)).__name__ == _OUTDATED:
        return Trouble.OUTDATED
    sqlstate = sqlstate_of(failure)
    for begins, trouble in _BY_CODE if sqlstate is not None else ():
        if sqlstate is not None and sqlstate.startswith(begins):
            return trouble
    if isinstance(failure, DBAPIError):
        return Trouble.LOST if failure.connection_invalidated else None
    # InternalClientError is how asyncpg says that the server's farewell crossed our question.
    return Trouble.LOST if isinstance(failure, (OSError, asyncpg.InternalClientError)) else None


def trouble_at_connecting(failure: BaseException) -> Trouble | None:
    """The same of what was raised when a connection was asked for."""
    sqlstate = sqlstate_of(failure) or ""
    refused = (trouble for begins, trouble in _AT_CONNECTING if sqlstate.startswith(begins))
    return next(refused, None) or trouble_of(failure)


def told(trouble: Trouble) -> DatabaseUnavailable:
    """What it is told as, beyond this package."""
    return _TYPES[trouble]()
