"""Brings the demo's database to this release, and fills it when the shop is empty."""

from dataclasses import dataclass

from sqlalchemy import column, func, select, table

from threadly import sample
from threadly.commands import catalogue
from threadly.commands.errors import DatabaseNotOurs
from threadly.commands.filling import count, fill
from threadly.commands.installation import database, let_serve
from threadly.commands.terminal import Steps, counted
from threadly.core.database import Database, migrate
from threadly.marketplace.members import Member
from threadly.migrations import MIGRATIONS
from threadly.settings import Settings

DEFAULT_LISTINGS = 300  # drawing its pictures takes half a minute of two processors

_PG_TABLES = table("pg_tables", column("schemaname"), schema="pg_catalog")
_FOREIGN_TABLES = (
    select(func.count())
    .select_from(_PG_TABLES)
    .where(_PG_TABLES.c.schemaname.not_in(["pg_catalog", "information_schema"]))
)
_SOME_SELLERS = select(Member.display_name).order_by(Member.id).limit(3)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is in the shop now."""

    listings: int
    sellers: int
    some_sellers: tuple[str, ...]
    first_start: bool
    """Whether sample data was made just now."""


async def prepare(settings: Settings, steps: Steps, *, own_database: bool, listings: int | None, seed: int) -> Prepared:
    """Migrations, reference data, and sample data if the shop has no listing.

    Args:
        listings: How many an empty shop gets, 0 for none; None where nobody named a number.
        own_database: The owner brought the database; then its tables must be Threadly's, or there must be none.

    Raises:
        DatabaseUnreachable, MigrationRefused: As they say.
        DatabaseNotOurs: It holds tables of something else; nothing was changed.
    """
    async with database(settings.database.as_owner, application_name="threadly demo") as db:
        await _migrate(db, steps, settings, own_database=own_database)
        await let_serve(settings.database, db, steps)
        here = await count(db)
        first_start = False
        if here == 0:
            first_start = await _filled(db, settings, steps, listings, seed)
        elif own_database:
            steps.to.print(f"  Your database has {counted(here, 'listing')} already, so no sample data was added.")
        elif listings not in {None, here}:
            has = f"The shop has {counted(here, 'listing')} already, and keeps them"
            steps.to.print(f"  {has}; name another folder with --data for one of {listings:,}.")
        async with db.read() as read:
            return Prepared(
                listings=await count(db),
                sellers=await read.scalar(select(func.count()).select_from(Member)) or 0,
                some_sellers=tuple(row.display_name for row in await read.execute(_SOME_SELLERS)),
                first_start=first_start,
            )


async def _filled(db: Database, settings: Settings, steps: Steps, listings: int | None, seed: int) -> bool:
    """Fills an empty shop; False where it stays empty, because that is wanted, or nothing fits."""
    if listings == 0:
        steps.to.print("  The shop starts empty.")
        return False
    try:
        await fill(db, settings, steps, listings=listings or DEFAULT_LISTINGS, seed=seed)
    except sample.NothingToHang as nothing:
        steps.to.print(f"  {nothing} The shop starts empty.")
        return False
    return True


async def _migrate(db: Database, steps: Steps, settings: Settings, *, own_database: bool) -> None:
    before = await migrate.status(db, MIGRATIONS)
    if not before.missing:
        return
    if own_database and before.current is None:
        async with db.read() as read:
            if tables := await read.scalar(_FOREIGN_TABLES):
                raise DatabaseNotOurs(tables)
    with steps.step("Migrations") as step:
        await migrate.upgrade(db, MIGRATIONS, anyway=not own_database, telling=step)  # its own serves nobody yet
        step.outcome = ", ".join(before.missing)
    await catalogue.install(db, steps, settings.site)  # a new release may bring new categories, brands and sizes
