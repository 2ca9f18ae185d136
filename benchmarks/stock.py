"""Shops to measure against: `fill` by plain SQL, which stands in a second; `seed` believable, for searches."""

from datetime import UTC, datetime
from hashlib import blake2b
from typing import Final

import asyncpg

from threadly.core.database import Database
from threadly.sample import exhibition, seeding
from threadly.sample.exhibition import Exhibition, Shop
from threadly.sample.gallery import Drawn
from threadly.sample.people import Person, people
from threadly.sample.progress import OnProgress
from threadly.sample.stock import stock

_STATEMENTS: Final = (
    "ALTER TABLE listing_prices DISABLE TRIGGER listing_prices_only_grows",
    """
    TRUNCATE listing_prices, listing_pictures, listings, members, pictures, brands, sizes, size_systems, categories
    CASCADE
    """,
    "ALTER TABLE listing_prices ENABLE TRIGGER listing_prices_only_grows",
    "INSERT INTO size_systems (code, name, position) VALUES ('letters', 'Letters', 1)",
    """
    INSERT INTO sizes (id, system, label, position)
    SELECT gen_random_uuid(), 'letters', 'S' || n, n FROM generate_series(1, 8) n
    """,
    """
    INSERT INTO brands (id, name, slug)
    SELECT gen_random_uuid(), 'Brand ' || n, 'brand-' || n FROM generate_series(1, 50) n
    """,
    # 3 departments of 4 groups of 5 leaves.
    """
    INSERT INTO categories (id, parent_id, department_id, depth, name, slug, path, position)
    SELECT id, NULL, id, 1, 'Department ' || n, 'd' || n, 'd' || n, n
    FROM (SELECT gen_random_uuid() AS id, n FROM generate_series(1, 3) n) AS made
    """,
    """
    INSERT INTO categories (id, parent_id, department_id, depth, name, slug, path, position)
    SELECT gen_random_uuid(), c.id, c.id, 2, 'Group ' || n, 'g' || n, c.path || '/g' || n, n
    FROM categories c, generate_series(1, 4) n WHERE c.depth = 1
    """,
    """
    INSERT INTO categories (id, parent_id, department_id, depth, name, slug, path, position)
    SELECT gen_random_uuid(), c.id, c.department_id, 3, 'Leaf ' || n, 'l' || n, c.path || '/l' || n, n
    FROM categories c, generate_series(1, 5) n WHERE c.depth = 2
    """,
    """
    INSERT INTO pictures (id, name, width, height, placeholder, created_at)
    SELECT gen_random_uuid(), md5(n::text), 1280, 1600, 'data:image/webp;base64,' || repeat('A', 120), now()
    FROM generate_series(1, 500) n
    """,
    """
    INSERT INTO members (id, username, display_name, place, joined_at)
    SELECT gen_random_uuid(), 'seller' || n, 'Seller ' || n, 'Sofia', now() FROM generate_series(1, 300) n
    """,
    """
    WITH leaves AS (SELECT array_agg(id ORDER BY path) AS ids FROM categories WHERE depth = 3),
         brand AS (SELECT array_agg(id) AS ids FROM brands),
         size AS (SELECT array_agg(id) AS ids FROM sizes),
         seller AS (SELECT array_agg(id) AS ids FROM members),
         made AS (
            SELECT n, leaves.ids[1 + n % 60] AS leaf, brand.ids[1 + n % 50] AS brand_id, size.ids[1 + n % 8] AS size_id,
                   seller.ids[1 + n % 300] AS seller_id
            FROM generate_series(1, $1::int) n, leaves, brand, size, seller)
    INSERT INTO listings (id, seller_id, department_id, group_id, category_id, brand_id, size_id, condition, status,
                          title, description, price_minor, currency, created_at, updated_at, published_at)
    SELECT gen_random_uuid(), made.seller_id, c.department_id, c.parent_id, c.id, made.brand_id, made.size_id,
           'very_good', 'available', 'A linen summer dress, number ' || n, 'Worn twice, washed once, stored flat.',
           500 + n::bigint * 7919 % 20000, 'EUR', now() - n * interval '1 minute', now(),
           now() - n * interval '1 minute'
    FROM made JOIN categories c ON c.id = made.leaf
    """,
    """
    INSERT INTO listing_pictures (listing_id, position, picture_id, alt)
    SELECT l.id, 1, pool.ids[1 + (row_number() OVER () % 500)], l.title
    FROM listings l, (SELECT array_agg(id) AS ids FROM pictures) AS pool
    """,
    "ANALYZE",
)


async def fill(url: str, *, listings: int) -> None:
    """Empties a migrated database's shop and fills it again.

    Args:
        listings: How many are for sale, spread evenly over 60 leaves.
    """
    connection = await asyncpg.connect(url)
    try:
        for statement in _STATEMENTS:
            await connection.execute(statement, *([listings] if "$1" in statement else []))
    finally:
        await connection.close()


def shop(listings: int) -> tuple[Shop, tuple[Person, ...], Exhibition]:
    """What sample data is made of, its pictures not drawn: nobody will look at them."""
    made = Shop(listings=listings, seed=1, currency="EUR", until=datetime(2026, 11, 1, tzinfo=UTC), stock=stock())
    members = people(listings, made.seed, made.until)
    faces = filter(None, map(exhibition.avatar_of, members))
    looks = {look: _undrawn(look) for outfit in made.outfits() for look in outfit.pictures}
    return made, members, exhibition.hung(made, looks, {face: _undrawn(face) for face in faces})


def _undrawn(thing: object) -> Drawn:
    name = blake2b(repr(thing).encode(), digest_size=16).hexdigest()
    return Drawn(name=name, width=1280, height=1600, placeholder="data:image/webp;base64," + "A" * 160)


async def seed(db: Database, *, listings: int, on_progress: OnProgress) -> None:
    """Fills a migrated, empty shop with sample data: words, brands and prices as people use them."""
    made, _, shown = shop(listings)
    await seeding.fill(db, made, shown, on_progress)
