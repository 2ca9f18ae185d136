"""Does a page cost the same in a shop of a million listings? Any category, any sort, any depth.

Two shops on one PostgreSQL, a small and a large one, are asked in turn for the same kinds of page: random categories of
each level, each sort, from the first page to the last. Beside each, the same statement goes through the bare driver.

    ./dev bench listings_scale              10,000 and 1,000,000 listings, in about two minutes
    ./dev bench listings_scale --quick      10,000 and 100,000
"""

import argparse
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import asyncpg
import uvloop
from rich.console import Console
from rich.table import Table
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg

from benchmarks.percentiles import percentile
from benchmarks.stock import fill
from threadly.core.config import Secret
from threadly.core.database import Cursors, Database, DatabaseSettings
from threadly.core.database.migrate import upgrade
from threadly.core.keys import KeyRing
from threadly.embedded import create_database, engines
from threadly.marketplace import storefront
from threadly.marketplace.catalog import Place
from threadly.marketplace.storefront import PAGE_SIZE, Wanted, lists
from threadly.migrations import MIGRATIONS

CURSORS = Cursors(KeyRing.of(b"benchmark" * 4))
DEPTHS = (0.0, 0.1, 0.5, 0.9, 0.99)


@dataclass(frozen=True)
class Ask:
    """One page of one list, asked for both ways."""

    wanted: Wanted
    after: str | None
    statement: str
    values: tuple[Any, ...]


@dataclass
class Shop:
    """One size of shop, and the seconds that its pages took."""

    listings: int
    db: Database
    pool: Any
    asks: list[Ask] = field(default_factory=list)
    ours: list[float] = field(default_factory=list)
    raw: list[float] = field(default_factory=list)


async def build(server: str, listings: int) -> Shop:
    """A shop of that size."""
    url = await create_database(server, f"shop_{listings}")
    db = Database(DatabaseSettings(url=Secret(url), pool_size=2))
    await upgrade(db, MIGRATIONS)
    await fill(url, listings=listings)
    pool = await asyncpg.create_pool(url, min_size=2, max_size=2)
    await pool.execute("vacuum analyze listings")
    return Shop(listings=listings, db=db, pool=pool)


async def plan(shop: Shop, *, rounds: int) -> None:
    """Chooses what to ask for: in each round every level, sort and depth once, in categories taken at random."""
    rng = random.Random(shop.listings)
    places = [Place(**row) for row in await shop.pool.fetch("select id, depth::int, name, path from categories")]
    levels: list[Sequence[Place | None]] = [
        [None],
        *([place for place in places if place.depth == depth] for depth in (1, 2, 3)),
    ]
    for _, level, sort, depth in product(range(rounds), levels, lists.ORDERS, DEPTHS):
        shop.asks.append(await ask(shop, Wanted(category=rng.choice(level), sort=sort), depth))
    rng.shuffle(shop.asks)


async def ask(shop: Shop, wanted: Wanted, depth: float) -> Ask:
    """The page that lies `depth` of the way through a list (0 is its first)."""
    place, order = wanted.category, lists.ORDERS[wanted.sort]
    level = place.depth if place else None
    column = order.column
    scope = f"and {('', 'department', 'group', 'category')[level]}_id = $1" if level else ""
    values: dict[str, object] = {"category_id": place.id} if place else {}
    after = None
    if depth:
        direction = "desc" if order.is_descending else "asc"
        key = await shop.pool.fetchrow(
            f"with list as (select {column}, id, row_number() over (order by {column} {direction}, id {direction})"
            f" as n, count(*) over () as total from listings where status = 'available' {scope})"
            f" select {column}, id from list where n = greatest(1, (total * {depth})::int)",
            *values.values(),
        )
        if key is not None:
            position, id = key
            after = CURSORS.seal(order.key(position, id), query=wanted.fingerprint)
            values |= {"after": position, "after_id": id}
    shape = frozenset(values) - {"category_id"}
    statement = lists._page(wanted.sort, level, shape, PAGE_SIZE + 1)  # noqa: SLF001
    compiled = statement.compile(dialect=PGDialect_asyncpg())  # type: ignore[no-untyped-call]
    ordered = tuple(values[name] for name in compiled.positiontup or ())
    return Ask(wanted=wanted, after=after, statement=str(compiled), values=ordered)


async def measure(shops: list[Shop], pages: int) -> None:
    """Asks the shops in turn, each page through Threadly and through the bare driver."""
    for number in range(-200, pages):  # the first ones warm connections, plans and pages of the tables
        for shop in shops:
            one = shop.asks[number % len(shop.asks)]
            began = time.perf_counter()
            async with shop.db.read() as read:
                await storefront.cards(read, one.wanted, CURSORS, after=one.after)
            between = time.perf_counter()
            async with shop.pool.acquire() as connection:
                await connection.fetch(one.statement, *one.values)
            ended = time.perf_counter()
            if number >= 0:
                shop.ours.append(between - began)
                shop.raw.append(ended - between)


async def main(arguments: argparse.Namespace) -> None:
    """Builds both shops, asks, prints."""
    console = Console()
    async with engines(ephemeral=True, valkey=False) as running:
        assert running.database_url is not None
        shops = []
        for listings in (arguments.small, arguments.large):
            with console.status(f"filling a shop of {listings:,} listings"):
                shops.append(await build(running.database_url, listings))
                await plan(shops[-1], rounds=3)
        await measure(shops, arguments.pages)
        for shop in shops:
            await shop.pool.close()
            await shop.db.close()
    report(console, *shops)


def report(console: Console, small: Shop, large: Shop) -> None:
    """One line a shop, and the two ratios that matter."""
    table = Table(title=f"A page of {PAGE_SIZE} cards, milliseconds")
    for heading in ("listings", "p50", "p95", "p99", "driver p50", "driver p95", "rate, of the driver's"):
        table.add_column(heading, justify="right")
    for shop in (small, large):
        numbers = [percentile(shop.ours, p) for p in (50, 95, 99)] + [percentile(shop.raw, p) for p in (50, 95)]
        rate = sum(shop.raw) / sum(shop.ours)
        table.add_row(f"{shop.listings:,}", *(f"{number:.2f}" for number in numbers), f"{rate:.2f}")
    console.print(table)
    console.print(
        f"p95 of the large shop: {percentile(large.ours, 95) / percentile(small.ours, 95):.2f} of the small's"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--large", type=int, default=1_000_000)
    parser.add_argument("--pages", type=int, default=3_000, help="how many pages each shop is asked for")
    parser.add_argument("--quick", action="store_const", dest="large", const=100_000, help="a large shop of 100,000")
    uvloop.run(main(parser.parse_args()))
