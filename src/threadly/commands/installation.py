"""What several commands need of an installation."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final

from asyncpg import InterfaceError, PostgresError
from redis.asyncio import Redis
from redis.exceptions import RedisError
from rich.console import Console
from rich.markup import escape
from sqlalchemy.exc import SQLAlchemyError

from threadly.commands.errors import (
    DATABASE_URL,
    AuditChangeable,
    CacheUnreachable,
    DatabaseUnreachable,
    MediaUnreadable,
    MigrationsMissing,
    RightsMissing,
)
from threadly.commands.terminal import Spoken, Steps, counted, spoken
from threadly.core.config import Profile, Reading, places_of
from threadly.core.database import Database, DatabaseSettings, roles
from threadly.core.database.errors import Trouble, trouble_at_connecting
from threadly.core.database.migrate import status
from threadly.core.database.ownership import ownership
from threadly.core.observability.health import Unhealthy
from threadly.integrations import storage
from threadly.marketplace.media import PicturesUnstorable
from threadly.migrations import MIGRATIONS
from threadly.ops.checks import folder_takes_files
from threadly.settings import CacheSettings, MediaSettings, Settings, read
from threadly.tables import APPEND_ONLY, AUDIT_LOG, TABLES
from threadly.wiring import begin_logging

_PATIENCE_SECONDS: Final = 1.0
_IN_QUOTES: Final = re.compile('".+"')


def installed(to: Console, *, options: Mapping[str, str] | None = None) -> Settings:
    """The settings of this installation; what should be otherwise is said.

    Args:
        options: What the command line says, by variable.

    Raises:
        ConfigurationError: With every mistake at once.
    """
    reading = read(options=options)
    settings = reading.usable()
    _warn(reading, settings, to)
    return settings


def running(process: str, *, options: Mapping[str, str] | None = None) -> tuple[Settings, Spoken]:
    """The same for a command that goes on running, whose process has a name; and how it speaks from now on: it logs.

    Raises:
        ConfigurationError: With every mistake at once.
    """
    reading = read(options=options)
    settings = reading.usable()
    to = spoken(begin_logging(settings, process=process))
    _warn(reading, settings, to)
    return settings, to


def _warn(reading: Reading[Settings], settings: Settings, to: Spoken) -> None:
    if settings.profile is not Profile.TEST:
        for warning in reading.warnings:
            to.print(f"[yellow]![/] {escape(str(warning))}")


@asynccontextmanager
async def database(
    settings: DatabaseSettings, *, application_name: str, variable: str = DATABASE_URL
) -> AsyncIterator[Database]:
    """The database, after it has answered once.

    Args:
        variable: Which one says where it is.

    Raises:
        DatabaseUnreachable: It does not answer, or does not let us in.
    """
    db = Database(settings, application_name=application_name)
    try:
        try:
            async with db.engine.connect():
                pass
        except TimeoutError:
            seconds = settings.pool_wait.total_seconds()
            why = f"no answer in {seconds:g} s; it, or the way to it, hangs."
            raise DatabaseUnreachable(f"cannot be reached{_place(settings)}: {why}", variable=variable) from None
        except (OSError, SQLAlchemyError, PostgresError, InterfaceError) as refusal:
            why = _in_words(refusal.__cause__ or refusal, settings)
            raise DatabaseUnreachable(why, variable=variable) from None
        yield db
    finally:
        await db.close()


def _in_words(refusal: BaseException, settings: DatabaseSettings) -> str:
    why = str(refusal) or type(refusal).__name__
    match trouble_at_connecting(refusal):
        case Trouble.NOT_FOR_US:
            return f"does not let us in: {why}"
        case Trouble.MISSING:
            name = _IN_QUOTES.search(why)
            return f"has no database {name[0] if name else 'of that name'}: create it, or name another."
        case _:
            return f"cannot be reached{_place(settings)}: {why}"


def _place(settings: DatabaseSettings) -> str:
    """` at HOST:PORT`, or the path of a socket; nothing where the address leaves it to the driver."""
    places = [
        f"{host}/.s.PGSQL.{port}" if host.startswith("/") else f"{host}:{port}"
        for host, port in places_of(settings.url, port="5432")
        if host
    ]
    return f" at {', '.join(places)}" if places else ""


async def refuse_changeable_audit(settings: Settings) -> str | None:
    """Returns when whoever serves can add to the audit log, and change nothing of it; elsewhere than in production,
    also if it can, with a sentence that says so.

    Raises:
        AuditChangeable: It can, in production.
        DatabaseUnreachable: It does not answer, or does not let us in.
    """
    async with database(settings.database, application_name="threadly check") as db, db.read() as read:
        powers = await roles.powers_over(read, AUDIT_LOG)
        found = await ownership(read, TABLES)
    if not powers:
        return None
    refusal = AuditChangeable(found, powers)
    if settings.profile is Profile.PRODUCTION:
        raise refusal
    return None if settings.profile is Profile.TEST else str(refusal)


async def let_serve(settings: DatabaseSettings, owner: Database, steps: Steps) -> None:
    """Where one role owns the tables and another one serves, gives that one what serving takes, and no more.

    Raises:
        DatabaseUnreachable: It does not let in who serves.
    """
    if settings.owner_url is None:
        return
    with steps.step("Rights") as step:
        async with database(settings, application_name="threadly db") as db, db.read() as read:
            role = await roles.own_role(read)
        changed = await roles.let_serve(owner, role, append_only=APPEND_ONLY)
        step.outcome = f"{role} serves" + (f"; {counted(changed, 'table')} opened to it" if changed else "")


async def refuse_unreachable_cache(settings: CacheSettings) -> None:
    """Returns when Valkey has answered once.

    Raises:
        CacheUnreachable: It does not answer, or does not let us in.
    """
    valkey = Redis.from_url(
        settings.url.get_secret_value(), socket_timeout=_PATIENCE_SECONDS, socket_connect_timeout=_PATIENCE_SECONDS
    )
    try:
        await valkey.ping()
    except (OSError, RedisError) as refusal:
        raise CacheUnreachable(str(refusal) or type(refusal).__name__) from None
    finally:
        await valkey.aclose()


async def refuse_unreadable_media(settings: MediaSettings) -> None:
    """Returns when the place of the pictures is seen to be one, as `/health` and the doctor judge it.

    Raises:
        MediaUnreadable: It cannot be made, is no folder or bucket, or is not for us.
    """
    if settings.folder is None:
        try:
            async for _ in storage.chosen(settings).listed():
                break
        except PicturesUnstorable:
            raise MediaUnreadable(f"{settings.url} does not answer, or does not let us in.", by="URL") from None
        return
    try:
        folder_takes_files(settings.folder)
    except Unhealthy as reason:
        raise MediaUnreadable(f"{settings.folder}: {reason}", by="FOLDER") from None


async def refuse_missing_migrations(settings: DatabaseSettings) -> None:
    """Returns when the database is at this release.

    Raises:
        DatabaseUnreachable: It does not answer, or does not let us in.
        RightsMissing: It lets us in, and see nothing.
        MigrationsMissing: It is behind.
    """
    async with database(settings, application_name="threadly check") as db:
        async with db.read() as read:
            found = await ownership(read, TABLES)
        if not found.may_look:
            raise RightsMissing(found)
        if missing := (await status(db, MIGRATIONS)).missing:
            raise MigrationsMissing(missing)
