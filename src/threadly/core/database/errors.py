"""What can be wrong with a database, and how PostgreSQL says so."""

from typing import Final

from threadly.core.errors import Unavailable

_LOST: Final = ("08", "57P", "53300")  # connection_exception, operator_intervention, too_many_connections


class DatabaseUnavailable(Unavailable):
    """PostgreSQL cannot be reached, or every connection stayed busy for the whole wait."""

    code = "database_unavailable"
    title = "We cannot reach our records right now. Please try again in a moment."


def is_lost(sqlstate: str | None) -> bool:
    """Whether a refusal of this kind (PostgreSQL's appendix A) means that the connection is gone, or was never had."""
    return sqlstate is not None and sqlstate.startswith(_LOST)
