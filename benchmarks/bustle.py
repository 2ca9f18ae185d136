"""What a shop has besides what is for sale: things sold, reserved, begun, removed; hearts, looks, people, sessions."""

from typing import Final

import asyncpg

LARGEST: Final = "largest"
"""The username of a seller with a tenth of all listings."""

_LISTED: Final = """
    INSERT INTO listings (id, seller_id, department_id, group_id, category_id, brand_id, size_id, condition, status,
                          title, description, price_minor, currency, created_at, updated_at, published_at, sold_at,
                          removed_at, favourites)
    SELECT gen_random_uuid(), {seller}, l.department_id, l.group_id, l.category_id, l.brand_id, l.size_id,
           l.condition, made.status::listing_status, l.title, l.description, l.price_minor, l.currency,
           now() - n * interval '37 seconds', now(),
           CASE WHEN made.status <> 'draft' THEN now() - n * interval '37 seconds' END,
           CASE WHEN made.status = 'sold' THEN now() - n * interval '17 seconds' END,
           CASE WHEN made.status = 'removed' THEN now() END,
           CASE WHEN made.status <> 'draft' THEN n % 3 ELSE 0 END
    FROM (SELECT n, ({statuses})[1 + n % 20] AS status FROM generate_series(1, $1::int) n) AS made
    JOIN (SELECT *, row_number() OVER (ORDER BY id) AS place FROM (SELECT * FROM listings LIMIT 1000) AS few) AS l
      ON l.place = 1 + n % 1000
"""
_MANY: Final = "array_fill('available'::text, ARRAY[11]) || array_fill('sold'::text, ARRAY[5])"
_OVER: Final = "array_fill('sold'::text, ARRAY[14]) || array_fill('reserved'::text, ARRAY[2])"
_REST: Final = " || ARRAY['reserved', 'draft', 'removed', 'draft']"

_STATEMENTS: Final = (
    f"""
    INSERT INTO members (id, username, display_name, place, joined_at)
    SELECT gen_random_uuid(), '{LARGEST}', 'A large seller', 'Sofia', now()
    """,
    """
    INSERT INTO members (id, username, display_name, place, joined_at)
    SELECT gen_random_uuid(), 'buyer' || n, 'Buyer ' || n, 'Sofia', now() FROM generate_series(1, $1::int / 10) n
    """,
    _LISTED.format(seller=f"(SELECT id FROM members WHERE username = '{LARGEST}')", statuses=_MANY + _REST),
    _LISTED.format(seller="l.seller_id", statuses=_OVER + _REST),
    """
    INSERT INTO listing_pictures (listing_id, position, picture_id, alt)
    SELECT l.id, shown, pool.ids[1 + (row_number() OVER () % 500)], l.title
    FROM (SELECT array_agg(id) AS ids FROM pictures) AS pool, generate_series(1, 4) AS shown, listings l
    WHERE (shown = 1 OR get_byte(uuid_send(l.id), 3) < 64) AND l.status <> 'draft'
    ON CONFLICT DO NOTHING
    """,
    # Each buyer has put 5 hearts, some in the last days; counts are not in question here.
    """
    INSERT INTO favourites (member_id, listing_id, created_at)
    SELECT m.id, l.id, now() - (m.place + heart * 13) % 40 * interval '1 day' - m.place * interval '1 second'
    FROM (SELECT id, row_number() OVER () AS place FROM members WHERE username LIKE 'buyer%') AS m,
         generate_series(1, 5) AS heart,
         LATERAL (SELECT 1 + (m.place * 7 + heart * heart * 131) % 50000 AS wanted) AS choice
    JOIN (SELECT id, row_number() OVER (ORDER BY published_at DESC) AS place FROM listings
          WHERE status = 'available' LIMIT 50000) AS l ON l.place = choice.wanted
    ON CONFLICT DO NOTHING
    """,
    # One of them has put many.
    """
    INSERT INTO favourites (member_id, listing_id, created_at)
    SELECT (SELECT id FROM members WHERE username = 'buyer1'), id, published_at FROM listings
    WHERE status IN ('available', 'sold') LIMIT 5000
    ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO listing_view_counts (listing_id, views)
    SELECT id, 1 + get_byte(uuid_send(id), 4) FROM listings WHERE published_at IS NOT NULL
    """,
    """
    INSERT INTO credentials (member_id, email, password_hash, created_at, password_changed_at)
    SELECT id, username || '@shop.example', '$argon2id$x', now(), now() FROM members
    """,
    """
    INSERT INTO sessions (id, actor_id, token_sha256, user_agent, created_at, last_seen_at, expires_at)
    SELECT gen_random_uuid(), id, sha256(convert_to(username || repeat('-', 43 - char_length(username)), 'UTF8')),
           'Firefox', now(), now(), now() + interval '30 days'
    FROM members
    """,
    """
    INSERT INTO picture_uploads (picture_id, member_id)
    SELECT p.id, m.id FROM pictures p, members m WHERE m.username LIKE 'seller%'
    """,
    "ANALYZE",
)


async def bustle(url: str, *, listings: int) -> None:
    """To a filled shop, adds as many listings once more as a fifth of `listings`, and all else that happens in one."""
    connection = await asyncpg.connect(url)
    try:
        for statement in _STATEMENTS:
            await connection.execute(statement, *([listings // 10] if "$1" in statement else []))
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()
