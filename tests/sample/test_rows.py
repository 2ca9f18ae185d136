"""What is in a sample shop is believable, and keeps every rule."""

import statistics
from collections.abc import Sequence

import pytest
from sqlalchemy import text

from tests.sample.making import UNTIL
from threadly.core.database import Database
from threadly.marketplace import catalog
from threadly.sample.stock import stock

CAPITALS_AT_MOST = 0.5  # of a title, as the rules for titles will have it


async def _rows(db: Database, statement: str) -> Sequence[tuple[object, ...]]:
    async with db.engine.connect() as connection:
        return [tuple(row) for row in await connection.execute(text(statement))]


async def _value(db: Database, statement: str) -> object:
    [[value]] = await _rows(db, statement)
    return value


async def test_every_leaf_has_something(shop_of_2000: Database) -> None:
    statement = (
        "SELECT c.path FROM categories c WHERE depth = 3 AND EXISTS (SELECT FROM listings WHERE category_id = c.id)"
    )
    found = {path for (path,) in await _rows(shop_of_2000, statement)}
    assert found == {branch.path for branch in catalog.shipped().categories if branch.path.count("/") == 2}


LEAVES = "listings l JOIN categories c ON c.id = category_id"
BREACHES = {
    "a size belongs to its leaf": f"{LEAVES} LEFT JOIN sizes s ON s.id = size_id"
    " WHERE s.system IS DISTINCT FROM c.size_system",
    "each has pictures": "listings l"
    " WHERE NOT EXISTS (SELECT FROM listing_pictures WHERE listing_id = l.id AND position = 1)",
    "pictures count on from one": "(SELECT listing_id FROM listing_pictures GROUP BY 1"
    " HAVING max(position) <> count(*)) AS broken",
    "each that was public has its price": "listings l WHERE published_at IS NOT NULL AND NOT EXISTS"
    " (SELECT FROM listing_prices p WHERE p.listing_id = l.id AND p.price_minor = l.price_minor AND at = published_at)",
    "a draft has no price yet": "listing_prices p JOIN listings l ON l.id = listing_id WHERE published_at IS NULL",
    "pictures say what they show": "listing_pictures WHERE char_length(alt) < 5",
    "no title is blank at an end": "listings WHERE title <> btrim(title) OR title LIKE '%  %'",
    "no description is blank at an end": r"listings WHERE description <> btrim(description, E' \n')",
    "no slot was left open": "listings WHERE title || description ~ '[{}<>]'",
    "titles do not shout": "listings WHERE char_length(regexp_replace(title, '[^A-Z]', '', 'g'))"
    f" > {CAPITALS_AT_MOST} * char_length(title)",
    "nothing is of the future": "listings"
    f" WHERE greatest(created_at, updated_at, published_at, sold_at, removed_at) > '{UNTIL}'",
    "nothing is older than a year": f"listings WHERE created_at < timestamptz '{UNTIL}' - interval '366 days'",
    "times follow each other": "listings WHERE published_at < created_at OR updated_at < created_at"
    " OR coalesce(sold_at, removed_at, updated_at) < published_at",
    "sellers were there before": "listings l JOIN members m ON m.id = seller_id WHERE joined_at > l.created_at",
    "an id tells when it was made": "listings WHERE uuid_extract_version(id) <> 7"
    " OR abs(extract(epoch FROM uuid_extract_timestamp(id) - created_at)) > 0.001",
    "prices end well": "listings WHERE price_minor % 10 <> 0",
    "clothes say what they are made of": f"{LEAVES} WHERE material IS NULL AND c.path LIKE 'women/clothing/%'",
    "counts of hearts are right": "listings l"
    " WHERE favourites <> (SELECT count(*) FROM favourites WHERE listing_id = l.id)",
    "nobody loves their own": "favourites JOIN listings ON id = listing_id WHERE member_id = seller_id",
    "drafts are loved by nobody": "listings WHERE status = 'draft' AND favourites > 0",
    "hearts come while a listing is to be seen": "favourites f JOIN listings ON id = listing_id"
    f" WHERE f.created_at NOT BETWEEN published_at AND coalesce(sold_at, removed_at, '{UNTIL}')",
    "designer things have a name": f"{LEAVES} WHERE brand_id IS NULL AND c.path LIKE 'designer/%'",
}


@pytest.mark.parametrize("rule", BREACHES)
async def test_no_listing_breaks_a_rule(shop_of_2000: Database, rule: str) -> None:
    assert await _value(shop_of_2000, f"SELECT count(*) FROM {BREACHES[rule]}") == 0


async def test_a_few_are_loved_much_and_something_trends(shop_of_2000: Database) -> None:
    hearts = [int(str(count)) for (count,) in await _rows(shop_of_2000, "SELECT favourites FROM listings")]
    assert 0.3 < hearts.count(0) / len(hearts) < 0.75
    assert max(hearts) >= 15
    assert int(str(await _value(shop_of_2000, "SELECT count(*) FROM trending"))) >= 20


async def test_texts_differ_and_have_all_lengths(shop_of_2000: Database) -> None:
    rows = await _rows(shop_of_2000, "SELECT title, description FROM listings")
    titles, descriptions = ({str(row[column]) for row in rows} for column in (0, 1))
    assert len(titles) > 1800
    assert len(descriptions) > 1700
    lengths = sorted(map(len, descriptions))
    assert lengths[0] < 30
    assert 90 < statistics.median(lengths) < 350
    assert 600 < lengths[-1] <= 2000
    assert any("Ж" in text.upper() or "И" in text.upper() for text in descriptions)
    assert all(10 <= len(title) <= 100 for title in titles)


async def test_most_is_for_sale_and_some_has_gone(shop_of_2000: Database) -> None:
    rows = await _rows(shop_of_2000, "SELECT status::text, count(*) FROM listings GROUP BY 1")
    share = {status: int(str(count)) / 2000 for status, count in rows}
    assert share["available"] > 0.75
    assert 0.05 < share["sold"] < 0.15
    assert {status for status, part in share.items() if 0.005 < part < 0.05} == {"reserved", "draft", "removed"}


async def test_more_was_published_lately(shop_of_2000: Database) -> None:
    statement = f"SELECT count(*) FROM listings WHERE published_at > timestamptz '{UNTIL}' - interval '{{}} days'"
    week, month, half = [int(str(await _value(shop_of_2000, statement.format(days)))) for days in (7, 30, 183)]
    assert week > 2 * 2000 * 7 / 365
    assert month > 2 * 2000 * 30 / 365
    assert 0.55 * 2000 < half < 0.8 * 2000


async def test_a_few_sell_much_and_many_a_little(shop_of_2000: Database) -> None:
    statement = "SELECT count(*) FROM listings GROUP BY seller_id ORDER BY 1 DESC"
    counts = [int(str(count)) for (count,) in await _rows(shop_of_2000, statement)]
    assert counts[0] > 4 * statistics.median(counts)
    assert len(counts) > 150
    assert min(counts) <= 3


async def test_dearer_makers_cost_more(shop_of_2000: Database) -> None:
    statement = f"SELECT b.name, price_minor FROM {LEAVES} JOIN brands b ON b.id = brand_id WHERE c.path LIKE 'women/%'"
    prices: dict[str, list[int]] = {tier.name: [] for tier in stock().tiers}
    tier_of = {name: tier.name for tier in stock().tiers for name in tier.makers["women"]}
    for name, price in await _rows(shop_of_2000, statement):
        if str(name) in tier_of:
            prices[tier_of[str(name)]].append(int(str(price)))
    medians = [statistics.median(prices[tier.name]) for tier in stock().tiers]
    assert medians == sorted(set(medians), reverse=True)  # the dearest first


async def test_better_condition_costs_more(shop_of_2000: Database) -> None:
    statement = (
        "SELECT condition::text, exp(avg(ln(price_minor / 100.0)))::float FROM listings GROUP BY 1 ORDER BY 2 DESC"
    )
    assert [name for name, _ in await _rows(shop_of_2000, statement)][-2:] == ["good", "satisfactory"]


async def test_a_picture_shows_the_colour_that_its_listing_names(shop_of_2000: Database) -> None:
    statement = """
        SELECT l.colour, p.alt FROM listings l JOIN listing_pictures p ON p.listing_id = l.id
        WHERE colour IN ('black', 'multicolour', 'red')
    """
    for colour, alt in await _rows(shop_of_2000, statement):
        assert str(colour) in str(alt).lower()
