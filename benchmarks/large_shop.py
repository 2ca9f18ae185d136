"""A large shop to ask: one that is filled for it, or one that is there already."""

import argparse
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from rich.console import Console

from threadly.core.config import Secret
from threadly.core.database import Database, DatabaseSettings
from threadly.core.database.migrate import upgrade
from threadly.embedded import create_database, engines
from threadly.migrations import MIGRATIONS

T = TypeVar("T")


def options(about: str | None) -> argparse.Namespace:
    """What the command line says: `listings`, `times` and `url`.

    Args:
        about: The benchmark, in its own words.
    """
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--listings", type=int, help="1,000,000 if not said")
    parser.add_argument("--times", type=int, help="how often each is asked; 400 if not said")
    parser.add_argument("--quick", action="store_true", help="50,000 listings, 100 times each")
    parser.add_argument("--url", help="a migrated database that is filled already")
    said = parser.parse_args()
    said.listings = said.listings or (50_000 if said.quick else 1_000_000)
    said.times = said.times or (100 if said.quick else 400)
    return said


async def asked(
    said: argparse.Namespace,
    *,
    fill: Callable[[Database, str, int], Awaitable[None]],
    ask: Callable[[Console, str, int], Awaitable[T]],
) -> T:
    """What comes of asking the shop that was named, or one that is filled first.

    Args:
        fill: Fills a migrated database, at an address, with so many listings.
        ask: Asks the shop at an address so many times, and prints.
    """
    console = Console()
    if said.url:
        return await ask(console, said.url, said.times)
    async with engines(ephemeral=True, valkey=False) as running:
        url = await create_database(running.database_url or "", "asked")
        db = Database(DatabaseSettings(url=Secret(url), pool_size=2, statement_timeout=timedelta(minutes=10)))
        await upgrade(db, MIGRATIONS)
        with console.status(f"filling a shop of {said.listings:,} listings"):
            await fill(db, url, said.listings)
        await db.close()
        return await ask(console, url, said.times)
