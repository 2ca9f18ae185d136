"""What can be wrong with a database, and how PostgreSQL says so."""

from typing import Final

from threadly.core.errors import Unavailable

_LOST: Final = ("08", "57P", "53300")  # connection_exception, operator_intervention, too_many_connections
_CANCELLED: Final = "57014"


class DatabaseUnavailable(Unavailable):
    """PostgreSQL cannot be reached, or every connection stayed busy for the whole wait."""

    code = "database_unavailable"
    title = "We cannot reach our records right now. Please try again in a moment."


class DatabaseBusy(DatabaseUnavailable):
    """As many wait for a connection as may; this one would have waited in vain. Nothing has changed."""

    code = "database_busy"
    title = "Very many people are here right now. Please try again in a moment."


class DatabaseTooSlow(DatabaseUnavailable):
    """A statement took longer than it may, by the server's clock, or somebody ended it there. Nothing has changed."""

    code = "database_too_slow"
    title = "We cannot do this quickly enough right now. Please try again in a moment."


def refused(sqlstate: str | None, *, is_lost: bool) -> DatabaseUnavailable | None:
    """What a refusal of this kind (PostgreSQL's appendix A) is told as; None where it is about the statement itself.

    Args:
        is_lost: Whether the connection is known to be gone.
    """
    if sqlstate == _CANCELLED:
        return DatabaseTooSlow()
    return DatabaseUnavailable() if is_lost or (sqlstate is not None and sqlstate.startswith(_LOST)) else None
