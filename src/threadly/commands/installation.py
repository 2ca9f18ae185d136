"""What several commands need of an installation."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from asyncpg import InterfaceError, PostgresError
from sqlalchemy.exc import SQLAlchemyError

from threadly.commands.errors import DatabaseUnreachable, MigrationsMissing
from threadly.core.database import Database, DatabaseSettings
from threadly.core.database.migrate import status
from threadly.migrations import MIGRATIONS


@asynccontextmanager
async def database(settings: DatabaseSettings, *, application_name: str) -> AsyncIterator[Database]:
    """The database, after it has answered once.

    Raises:
        DatabaseUnreachable: It does not answer, or does not let us in.
    """
    db = Database(settings, application_name=application_name)
    try:
        try:
            async with db.engine.connect():
                pass
        except (OSError, TimeoutError, SQLAlchemyError, PostgresError, InterfaceError) as refusal:
            cause = refusal.__cause__ or refusal
            raise DatabaseUnreachable(str(cause) or type(cause).__name__) from None
        yield db
    finally:
        await db.close()


async def refuse_missing_migrations(settings: DatabaseSettings) -> None:
    """Returns when the database is at this release.

    Raises:
        DatabaseUnreachable: It does not answer, or does not let us in.
        MigrationsMissing: It is behind.
    """
    async with database(settings, application_name="threadly check") as db:
        if missing := (await status(db, MIGRATIONS)).missing:
            raise MigrationsMissing(missing)
