"""Acts of commands, for the audit log."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from threadly.commands.errors import DATABASE_URL, DatabaseUnreachable
from threadly.commands.installation import database
from threadly.commands.marks import changed, marks
from threadly.core import audit
from threadly.core.config import ConfigurationError
from threadly.core.database import Database, Tx
from threadly.core.errors import Problem
from threadly.settings import Settings, database_from_environment

_DATABASE: Final = "database"
_SETTINGS: Final = "settings"
_MARKS: Final = "marks"


class DatabaseUpgraded(audit.Act):
    """Migrations were run; where only `before` is said, they were begun."""

    name = "database.upgraded"


class DatabaseDowngraded(audit.Act):
    """Migrations were taken back; where only `before` is said, that was begun."""

    name = "database.downgraded"


class ShopFilled(audit.Act):
    """An empty shop was filled with sample data."""

    name = "shop.filled"


class JobsReplayed(audit.Act):
    """Jobs that had failed for good are to be tried again."""

    name = "jobs.replayed"


class JobsDiscarded(audit.Act):
    """Jobs that had failed for good were thrown away."""

    name = "jobs.discarded"


class KeyMade(audit.Act):
    """A key that will sign was made: put where the others are, or printed, to be added to them."""

    name = "keys.made"


class KeyRetired(audit.Act):
    """A key was taken away, or was said to be: what it has signed is refused."""

    name = "keys.retired"


class SettingsChanged(audit.Act):
    """A process started with other settings than the last one of its name: which ones, by name, and digests of them.
    Of secrets it tells no more than whether they are set, of keys their ids."""

    name = "settings.changed"


async def note_settings(settings: Settings, *, process: str) -> None:
    """Records that a process starts with other settings than the last one of its name did.

    Raises:
        DatabaseUnreachable: It does not answer, or does not let us in.
    """
    digest = digest_of(settings)
    with audit.acting(audit.SYSTEM, cause=f"start {process}"):
        async with database(settings.database, application_name="threadly check") as db:
            await db.run(_note_settings, f"{_SETTINGS} {process}", digest, marks(settings))


async def _note_settings(tx: Tx, target: str, now: str, kept: Sequence[str]) -> None:
    last = await audit.search(tx, target=target, act=SettingsChanged.name, limit=1)
    was: Mapping[str, Any] = (last[0].after or {}) if last else {}
    before = was.get("digest")
    if before != now:
        told = None if before is None else {"digest": before}
        named = {"changed": ", ".join(changed(was[_MARKS], kept))} if _MARKS in was else {}
        await audit.record(
            tx, SettingsChanged, target=target, before=told, after={"digest": now, **named, _MARKS: kept}
        )


def digest_of(settings: Settings) -> str:
    """Of all settings, of secrets only that they are set, and of keys their ids: other settings have another one."""
    ids = [key.id for key in settings.security.ring.keys]
    told = f"{settings.model_dump_json(exclude={'server': {'workers'}})} {ids}"
    return blake2b(told.encode(), digest_size=16).hexdigest()


@contextmanager
def commanding(command: str) -> Iterator[None]:
    """Whoever types this command acts, for the length of the block."""
    with audit.acting(audit.operator(), cause=f"command {command}"):
        yield


async def note_key(act: type[audit.Act], id: str, *, command: str, after: Mapping[str, object]) -> str | None:
    """Records what has become of a key, if there is a database that takes it: a key that leaked goes all the same.

    Returns:
        Why it is not recorded; None: it is.
    """
    try:
        with commanding(command):
            async with database(database_from_environment(), application_name="threadly keys") as db:
                if not await db.run(_has_log):
                    return "the database has no audit log yet."
                await db.run(audit.record, act, target=f"key {id}", after=after)
    except ConfigurationError:
        return f"{DATABASE_URL} names no database."
    except (DatabaseUnreachable, OSError, SQLAlchemyError, Problem) as why:
        return str(why).partition("\n")[0]
    return None


async def note_migration(db: Database, act: type[audit.Act], *, before: str | None, after: str | None) -> None:
    """Records that migrations begin, or have run: beside them, since each has transactions of its own.

    Where there is no log, before its migration and after that was taken back, nothing is.
    """
    if await db.run(_has_log):
        is_over = None if after is None else {"revision": after}
        await db.run(audit.record, act, target=_DATABASE, before={"revision": before}, after=is_over)


async def _has_log(tx: Tx) -> bool:
    return await tx.scalar(select(func.to_regclass(audit.AuditRow.__tablename__))) is not None
