"""The driver's connection, which says so when a commit was none."""

from typing import Any, Final

import asyncpg

_UNDONE: Final = "the transaction had failed before, so all of it was undone: an error was swallowed within it"


class Honest(asyncpg.Connection):  # type: ignore[misc]  # has no types
    """PostgreSQL answers the COMMIT of a transaction that has failed with ROLLBACK, and the driver does not look."""

    async def execute(self, query: str, *args: Any, timeout: float | None = None) -> Any:  # noqa: ANN401, ASYNC109 - asyncpg's
        """What PostgreSQL says that it has done.

        Raises:
            InFailedSQLTransactionError: A commit was asked for, and all was undone.
        """
        told = await super().execute(query, *args, timeout=timeout)
        if told == "ROLLBACK" and query.startswith("COMMIT"):
            raise asyncpg.InFailedSQLTransactionError(_UNDONE)
        return told
