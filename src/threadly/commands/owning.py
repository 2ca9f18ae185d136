"""The database by the role that owns it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from rich.markup import escape

from threadly.commands.errors import DatabasesDiffer, OwnerUnfit
from threadly.commands.installation import database
from threadly.commands.terminal import Steps
from threadly.core.database import Database, DatabaseSettings, roles
from threadly.core.database.ownership import Ownership, ownership
from threadly.tables import AUDIT_LOG, TABLES

_OWNER_URL: Final = "THREADLY_DATABASE__OWNER_URL"


@asynccontextmanager
async def owning(settings: DatabaseSettings, *, application_name: str, changes: bool) -> AsyncIterator[Database]:
    """The database by the role that owns it, after it has answered once.

    Args:
        changes: Whether the schema or what is in it is to change. Then that role must be able to, and whoever serves
            be at the same database.

    Raises:
        DatabaseUnreachable: It does not answer, or does not let one of both in.
        OwnerUnfit: The role could not do what is to be done.
        DatabasesDiffer: The two addresses lead to different ones.
    """
    if settings.owner_url is None:
        owner = database(settings, application_name=application_name)
    else:
        owner = database(settings.as_owner, application_name=application_name, variable=_OWNER_URL)
    async with owner as db:
        async with db.read() as read:
            found = await ownership(read, TABLES)
        if not (found.may_migrate if changes else found.may_look):
            raise OwnerUnfit(found, is_named=settings.owner_url is not None)
        if changes and settings.owner_url is not None:
            await _refuse_another(settings, found, application_name=application_name)
        yield db


async def note_one_role(settings: DatabaseSettings, db: Database, steps: Steps) -> None:
    """Says what `threadly serve` would refuse in production: that whoever serves could change the audit log."""
    if settings.owner_url is not None:
        return
    async with db.read() as read:
        role, powers = await roles.own_role(read), await roles.powers_over(read, AUDIT_LOG)
    if powers:
        steps.to.print(
            f"[yellow]![/] {escape(role)} owns the database, and is to serve as well: production does not start so. "
            f"Let {_OWNER_URL} name it, and THREADLY_DATABASE__URL another role, and run this again: "
            f"docs/guide/operations.md."
        )


async def _refuse_another(settings: DatabaseSettings, owner: Ownership, *, application_name: str) -> None:
    async with database(settings, application_name=application_name) as db, db.read() as read:
        serving = await ownership(read, TABLES)
    if serving.place != owner.place:
        raise DatabasesDiffer(owner=owner, serving=serving)
