"""Sample data goes in whole or not at all, is the same again, and spoils nothing."""

import asyncio
import hashlib
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest
from sqlalchemy import text

from tests.conftest import database_settings
from tests.engines import EngineUrls
from tests.making import a_listing, a_member
from tests.sample.making import UNTIL, a_shop, filled, undrawn
from threadly import sample
from threadly.core.database import Database, Tx
from threadly.core.errors import Invalid
from threadly.embedded import create_database, drop_database
from threadly.integrations.storage import Folder
from threadly.sample import MarketplaceBusy, MarketplaceNotEmpty, Progress, Step, seeding
from threadly.sample.stock import Stock, stock

FILLED = ("listings", "listing_pictures", "listing_prices", "members", "pictures")

DEFINITIONS = """
    SELECT c.relname, 'index', i.relname, pg_get_indexdef(i.oid) || x.indisvalid || x.indisready || x.indislive
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
    WHERE c.relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT conrelid::regclass::text, contype::text, conname, pg_get_constraintdef(oid) || convalidated || condeferrable
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL
    SELECT c.relname, 'column', attname, atttypid::regtype || attnotnull::text
    FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND attnum > 0
    ORDER BY 1, 2, 3
"""


@pytest.fixture
async def other_db(engine_urls: EngineUrls, migrated_template: str) -> AsyncIterator[Database]:
    """A second migrated, empty database."""
    name = f"other_{uuid4().hex}"
    url = await create_database(engine_urls.database_url, name, template=migrated_template)
    other = Database(database_settings(url))
    yield other
    await other.close()
    await drop_database(engine_urls.database_url, name)


async def _rows(db: Database, statement: str) -> list[tuple[object, ...]]:
    async with db.engine.connect() as connection:
        return [tuple(row) for row in await connection.execute(text(statement))]


async def _count(db: Database) -> dict[str, int]:
    counts = await _rows(db, " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in FILLED))
    return {str(table): int(str(count)) for table, count in counts}


async def _contents(db: Database) -> dict[str, str]:
    """A digest of every row of every table."""
    found = {}
    for table in (*FILLED, "categories", "brands", "sizes"):
        rows = await _rows(db, f"SELECT t::text FROM {table} t ORDER BY 1")
        found[table] = hashlib.blake2b(repr(rows).encode()).hexdigest()
    return found


def _files(folder: Path) -> dict[str, int]:
    """Pictures, and when each was written."""
    return {file.name: file.stat().st_mtime_ns for file in folder.glob("*.webp")}


def _corner() -> Stock:
    """A shop with one leaf, so that its pictures are soon drawn."""
    wares = stock().wares
    return msgspec.structs.replace(stock(), wares={"home/decoration/vases": wares["home/decoration/vases"]})


async def test_a_seeded_shop_has_its_pictures_on_disk_and_is_known_again(
    db: Database, other_db: Database, tmp_path: Path
) -> None:
    heard: list[Progress] = []
    first = await sample.seed(
        db, Folder(tmp_path), listings=5, seed=7, until=UNTIL, assortment=_corner(), on_progress=heard.append
    )

    names = [str(name) for (name,) in await _rows(db, "SELECT name FROM pictures")]
    files = _files(tmp_path)
    assert files.keys() == {f"{name}-{width}.webp" for name in names for width in (320, 640, 1280)}
    assert (first.listings, first.pictures, first.already_there) == (5, len(names), False)
    assert list(dict.fromkeys(progress.step for progress in heard)) == [Step.PICTURES, Step.LISTINGS, Step.INDEXES]
    for step in Step:
        last = [progress for progress in heard if progress.step is step][-1]
        assert (last.done, last.total >= 1) == (last.total, True)

    before = await _contents(db)
    again = await sample.seed(db, Folder(tmp_path), listings=5, seed=7, assortment=_corner())
    assert (again.already_there, again.listings, await _contents(db)) == (True, 5, before)

    with pytest.raises(MarketplaceNotEmpty) as refusal:
        await sample.seed(db, Folder(tmp_path), listings=5, seed=8, assortment=_corner())
    assert refusal.value.facts == {"members": first.members, "pictures": len(names), "listings": 5}
    assert await _contents(db) == before

    await sample.seed(other_db, Folder(tmp_path), listings=5, seed=7, until=UNTIL, assortment=_corner())
    assert await _contents(other_db) == before
    assert _files(tmp_path) == files  # nothing drawn twice


async def test_the_same_listings_and_seed_give_the_same_rows_and_another_seed_does_not(
    db: Database, other_db: Database, shop_of_2000: Database
) -> None:
    await filled(db, a_shop(2000))
    await filled(other_db, a_shop(2000, seed=2))

    assert await _contents(db) == await _contents(shop_of_2000)
    titles = "SELECT title FROM listings"
    assert set(await _rows(db, titles)) != set(await _rows(other_db, titles))


async def test_a_later_day_moves_the_moments_and_nothing_else(db: Database, shop_of_2000: Database) -> None:
    await filled(db, replace(a_shop(2000), until=UNTIL + timedelta(days=40)))

    facts = "SELECT right(id::text, 16), title, description, price_minor, status, published_at - interval '{} days'"
    facts += " FROM listings ORDER BY 1, 2"
    assert await _rows(db, facts.format(40)) == await _rows(shop_of_2000, facts.format(0))


async def test_indexes_and_constraints_are_as_the_migrations_made_them(db: Database) -> None:
    before = await _rows(db, DEFINITIONS)
    await filled(db, a_shop(300))

    assert await _rows(db, DEFINITIONS) == before
    assert len(before) > 100


async def test_statistics_and_the_visibility_map_are_ready(shop_of_2000: Database) -> None:
    ready = "relname, reltuples > 0, relallvisible = relpages"
    pages = f"SELECT {ready} FROM pg_class WHERE relname ~ '^listing(s|_pictures|_prices)$'"
    assert sorted(await _rows(shop_of_2000, pages)) == [
        ("listing_pictures", True, True),
        ("listing_prices", True, True),
        ("listings", True, True),
    ]


async def test_a_marketplace_with_a_member_is_refused_and_stays_as_it_is(db: Database, tmp_path: Path) -> None:
    await a_member(db)
    before = await _contents(db)

    with pytest.raises(MarketplaceNotEmpty) as refusal:
        await sample.seed(db, Folder(tmp_path), listings=10)

    assert refusal.value.facts == {"members": 1, "pictures": 0, "listings": 0}
    assert await _contents(db) == before
    assert _files(tmp_path) == {}  # refused before anything was drawn


async def test_a_catalogue_of_ones_own_is_no_obstacle(db: Database) -> None:
    async def own(tx: Tx) -> None:
        await tx.execute(text("INSERT INTO brands (id, name, slug) VALUES (gen_random_uuid(), 'Mine', 'mine')"))

    await db.run(own)
    assert (await filled(db, a_shop(170))).listings == 170


@pytest.mark.parametrize("listings", [0, -1, seeding.MOST_LISTINGS + 1])
async def test_an_impossible_number_of_listings_is_refused(db: Database, tmp_path: Path, listings: int) -> None:
    with pytest.raises(Invalid, match="1 to 20,000,000"):
        await sample.seed(db, Folder(tmp_path), listings=listings)
    assert set((await _count(db)).values()) == {0}


async def test_tables_in_use_are_reported_and_nothing_changes(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeding, "LOCK_WAIT", timedelta(milliseconds=50))
    async with db.engine.begin() as rival:
        await rival.execute(text("SELECT count(*) FROM listings"))
        with pytest.raises(MarketplaceBusy):
            await filled(db, a_shop(200))
    assert set((await _count(db)).values()) == {0}


async def test_two_seedings_at_once_make_one_shop(db: Database) -> None:
    done = await asyncio.gather(filled(db, a_shop(300)), filled(db, a_shop(300)))

    assert sorted(seeded.already_there for seeded in done) == [False, True]
    assert (await _count(db))["listings"] == 300


KILLED = """
import asyncio, sys
from tests.conftest import database_settings
from tests.sample.making import a_shop, undrawn
from threadly.core.database import Database
from threadly.sample import seeding

shop = a_shop(500_000)
db = Database(database_settings(sys.argv[1]))
asyncio.run(seeding.fill(db, shop, undrawn(shop), lambda progress: print(progress.step, progress.done, flush=True)))
"""


async def test_a_seeding_killed_midway_leaves_nothing_and_the_next_one_succeeds(db: Database, owner_url: str) -> None:
    before = await _rows(db, DEFINITIONS)
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, owner_url, stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    assert child.stdout is not None
    assert (await asyncio.wait_for(child.stdout.readline(), 60)).startswith(b"listings")
    child.kill()
    await child.wait()

    assert set((await _count(db)).values()) == {0}
    assert await _rows(db, DEFINITIONS) == before
    assert (await filled(db, a_shop(300))).already_there is False


async def test_a_seeding_that_is_called_off_leaves_nothing(db: Database) -> None:
    async with asyncio.timeout(30):
        reached = asyncio.Event()
        shop = a_shop(500_000)
        work = asyncio.create_task(seeding.fill(db, shop, undrawn(shop), lambda _progress: reached.set()))
        await reached.wait()
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
    assert set((await _count(db)).values()) == {0}
    await a_listing(db)  # the pool's connections still serve
