"""How fast does sample data go in, compared with the same rows generated beforehand?

Both fill an empty, migrated database in one transaction, build the same indexes and check the same foreign keys after.
The reference has every row encoded in memory, and a COPY for each table; `seed` makes its rows as it goes. Pictures are
not part of it: they are drawn before. The two take turns.

    ./dev bench seed              1,000,000 listings, twice each
    ./dev bench seed --quick      100,000 listings, three times each
"""

import argparse
import resource
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import uvloop
from rich.console import Console
from rich.table import Table

from benchmarks.stock import shop
from threadly.core.config import Secret
from threadly.core.database import Database, DatabaseSettings
from threadly.core.database.migrate import upgrade
from threadly.embedded import create_database, drop_database, engines
from threadly.marketplace import catalog
from threadly.migrations import MIGRATIONS
from threadly.sample import filling, loading, rows, seeding
from threadly.sample.exhibition import Exhibition, Shop
from threadly.sample.people import Person

GOAL = 0.5


@dataclass(frozen=True)
class Goods:
    """What both put in, and the reference's rows."""

    shop: Shop
    members: tuple[Person, ...]
    shown: Exhibition
    listing_rows: list[bytes]
    picture_rows: list[bytes]
    price_rows: list[bytes]
    heart_rows: list[bytes]


async def prepared(db: Database, listings: int) -> Goods:
    """Encodes every row."""
    made, members, shown = shop(listings)
    await db.run(catalog.install)
    async with db.read() as read:
        plan = await seeding.planned(read, made, members, shown)
    encoded = list(rows.chunks(plan))
    listing_rows, picture_rows, price_rows, heart_rows = map(list, zip(*encoded, strict=True))
    return Goods(made, members, shown, listing_rows, picture_rows, price_rows, heart_rows)


async def with_seed(db: Database, goods: Goods) -> None:
    """What `threadly seed` does once its pictures are drawn."""
    await seeding.fill(db, goods.shop, goods.shown, lambda _progress: None)


async def with_copy(db: Database, goods: Goods) -> None:
    """The least that anybody could do: one COPY a table."""
    await db.run(catalog.install)
    async with db.engine.begin() as connection:
        await connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        raw = await connection.get_raw_connection()
        driver: loading.Driver = raw.driver_connection
        await filling.load_people(driver, goods.shop, goods.members, goods.shown)
        await driver.execute("ALTER TABLE listing_prices DISABLE TRIGGER listing_prices_only_grows")
        async with loading.unindexed(driver, filling.TABLES, lambda _done, _total: None):
            await loading.copy(driver, "listings", rows.LISTING_COLUMNS, goods.listing_rows, frozen=True)
            await loading.copy(driver, "listing_pictures", rows.PICTURE_COLUMNS, goods.picture_rows, frozen=True)
            await loading.copy(driver, "listing_prices", rows.PRICE_COLUMNS, goods.price_rows, frozen=True)
            await loading.copy(driver, "favourites", rows.HEART_COLUMNS, goods.heart_rows, frozen=True)
        await driver.execute("ALTER TABLE listing_prices ENABLE TRIGGER listing_prices_only_grows")
        await driver.execute("ANALYZE members, pictures, listings, listing_pictures, listing_prices, favourites")


async def timed(server: str, number: int, goods: Goods, fill: Callable[[Database, Goods], Awaitable[None]]) -> float:
    """Seconds into a database of its own."""
    name = f"seeded_{number}"
    db = Database(DatabaseSettings(url=Secret(await create_database(server, name)), pool_size=2))
    await upgrade(db, MIGRATIONS)
    started = time.perf_counter()
    await fill(db, goods)
    seconds = time.perf_counter() - started
    await db.close()
    await drop_database(server, name)
    return seconds


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="100,000 listings instead of 1,000,000")
    parser.add_argument("--listings", type=int, help="another number of listings")
    options = parser.parse_args()
    listings = options.listings or (100_000 if options.quick else 1_000_000)
    seeded: list[float] = []
    copied: list[float] = []
    async with engines(ephemeral=True) as running:
        server = running.database_url or ""
        db = Database(DatabaseSettings(url=Secret(await create_database(server, "prepared")), pool_size=2))
        await upgrade(db, MIGRATIONS)
        goods = await prepared(db, listings)
        await db.close()
        for turn in range(3 if options.quick else 2):
            copied.append(await timed(server, 2 * turn, goods, with_copy))
            seeded.append(await timed(server, 2 * turn + 1, goods, with_seed))
    show(listings, seeded, copied)


def show(listings: int, seeded: list[float], copied: list[float]) -> None:
    """The table, and whether the goal holds."""
    ratio = statistics.median(copied) / statistics.median(seeded)
    table = Table(title=f"{listings:,} listings with their pictures' rows")
    table.add_column("")
    for heading in ("seconds, median", "listings/s", "all runs"):
        table.add_column(heading, justify="right")
    for name, runs in (("generated beforehand, then COPY", copied), ("seed", seeded)):
        middle = statistics.median(runs)
        table.add_row(name, f"{middle:.2f}", f"{listings / middle:,.0f}", " ".join(f"{run:.2f}" for run in runs))
    console = Console()
    console.print(table)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    console.print(f"ratio {ratio:.2f} (goal: at least {GOAL}); the reference's rows took this process to {memory} MiB")
    if ratio < GOAL:
        raise SystemExit(1)


if __name__ == "__main__":
    uvloop.run(main())
