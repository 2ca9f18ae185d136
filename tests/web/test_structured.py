"""What pages say to programs cannot be broken out of, and is right in every currency."""

import json
import re

import httpx
import pytest

from tests.making import THEN, a_brand, a_listing, a_member
from threadly.core.database import Database
from threadly.marketplace.catalog import Condition
from threadly.marketplace.listings import ListingStatus
from threadly.web import structured

HOSTILE = "</script><script>alert(1)</script><!-- & \u2028 ]]>"


def blocks(page: str) -> list[dict[str, object]]:
    """What a browser would take for data."""
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script', page, re.DOTALL)
    return [json.loads(text) for text in found]


@pytest.mark.parametrize(
    ("minor", "currency", "expected"),
    [
        (24_50, "EUR", "24.50"),
        (24_00, "EUR", "24.00"),
        (5, "EUR", "0.05"),
        (2450, "JPY", "2450"),
        (2450, "KWD", "2.450"),
        (99_999_999, "USD", "999999.99"),
    ],
)
def test_an_amount_is_in_the_currency_s_own_decimals(minor: int, currency: str, expected: str) -> None:
    assert structured.decimal(minor, currency) == expected


def test_nothing_in_a_block_can_end_it() -> None:
    text = str(structured.block({"name": HOSTILE}))

    assert not re.search("[<>&\u2028\u2029]", text)
    assert json.loads(text) == {"name": HOSTILE}


async def test_a_hostile_title_stays_a_title(visitor: httpx.AsyncClient, db: Database) -> None:
    listing = await a_listing(db, title=HOSTILE, description=HOSTILE)
    page = (await visitor.get(f"/listings/{listing.id}")).text
    [block] = blocks(page)

    assert "<script>alert" not in page
    graph = block["@graph"]
    assert isinstance(graph, list)
    assert graph[0]["name"] == graph[0]["description"] == HOSTILE


@pytest.mark.parametrize(
    ("status", "availability"),
    [
        (ListingStatus.AVAILABLE, "InStock"),
        (ListingStatus.RESERVED, "Reserved"),
        (ListingStatus.SOLD, "SoldOut"),
    ],
)
async def test_a_listing_is_a_product_with_its_offer(
    visitor: httpx.AsyncClient, db: Database, status: ListingStatus, availability: str
) -> None:
    seller = await a_member(db, username="mila", display_name="Mila")
    brand = await a_brand(db, "Levi's")
    listing = await a_listing(
        db,
        seller_id=seller.id,
        brand_id=brand.id,
        status=status,
        sold_at=THEN if status is ListingStatus.SOLD else None,
        condition=Condition.NEW_WITH_TAGS,
        price_minor=24_50,
        pictures=2,
    )
    page = (await visitor.get(f"/listings/{listing.id}")).text
    [block] = blocks(page)
    graph = block["@graph"]
    assert isinstance(graph, list)
    product, way = graph
    address = f"http://localhost:8000/listings/{listing.id}"

    assert (product["@type"], product["name"], product["brand"]["name"]) == ("Product", listing.title, "Levi's")
    assert product["offers"] == {
        "@type": "Offer",
        "url": address,
        "price": "24.50",
        "priceCurrency": "EUR",
        "availability": f"https://schema.org/{availability}",
        "itemCondition": "https://schema.org/NewCondition",
        "seller": {"@type": "Person", "name": "Mila", "url": "http://localhost:8000/members/mila"},
    }
    assert len(product["image"]) == 2
    assert all(image.startswith("http://localhost:8000/media/") for image in product["image"])
    assert [step["name"] for step in way["itemListElement"]] == ["Women", "Clothing", "Dresses", listing.title]
    assert f'<link rel="canonical" href="{address}">' in page
    assert f'<meta property="og:url" content="{address}">' in page
    assert '<meta property="product:price:amount" content="24.50">' in page


async def test_a_category_tells_the_way_to_it(visitor: httpx.AsyncClient, db: Database) -> None:
    await a_listing(db)
    [block] = blocks((await visitor.get("/categories/women/clothing")).text)

    steps = block["itemListElement"]
    assert isinstance(steps, list)
    assert [(step["position"], step["name"], step["item"]) for step in steps] == [
        (1, "Women", "http://localhost:8000/categories/women"),
        (2, "Clothing", "http://localhost:8000/categories/women/clothing"),
    ]
