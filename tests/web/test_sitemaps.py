"""What search engines are told of is whole, and never more than 50,000 in a file."""

import re

import httpx
import pytest

from tests.answers import headers_alike
from tests.making import THEN, a_category, a_listing, a_member
from threadly.core.database import Database
from threadly.marketplace.listings import ListingStatus

HERE = "http://localhost:8000"


def addresses(text: str) -> list[str]:
    return re.findall(r"<loc>([^<]*)</loc>", text)


async def test_every_category_listing_and_seller_is_in_a_file_that_the_index_names(
    visitor: httpx.AsyncClient, db: Database
) -> None:
    seller = await a_member(db, username="mila")
    listing = await a_listing(db, seller_id=seller.id)
    await a_listing(db, seller_id=seller.id, status=ListingStatus.SOLD, sold_at=THEN)
    await a_member(db, username="sells-nothing")
    index = await visitor.get("/sitemap.xml")
    told: list[str] = []
    for file in addresses(index.text):
        answer = await visitor.get(file.removeprefix(HERE))
        assert answer.headers["content-type"] == "application/xml; charset=utf-8"
        assert answer.headers["cache-control"] == "public, max-age=3600"
        told += addresses(answer.text)

    assert index.headers["cache-control"] == "public, max-age=3600"
    assert set(told) == {
        f"{HERE}/categories/women",
        f"{HERE}/categories/women/clothing",
        f"{HERE}/categories/women/clothing/dresses",
        f"{HERE}/listings/{listing.id}",
        f"{HERE}/members/mila",
    }


async def test_an_empty_shop_tells_of_its_categories(visitor: httpx.AsyncClient, db: Database) -> None:
    await a_category(db, "women")

    assert addresses((await visitor.get("/sitemap.xml")).text) == [f"{HERE}/sitemaps/categories.xml"]
    assert addresses((await visitor.get("/sitemaps/categories.xml")).text) == [f"{HERE}/categories/women"]


async def test_a_file_is_read_in_batches_and_has_everything_once(visitor: httpx.AsyncClient, db: Database) -> None:
    listing = await a_listing(db, pictures=0)
    async with db.engine.begin() as connection:
        await connection.exec_driver_sql(
            "INSERT INTO listings (id, seller_id, department_id, group_id, category_id, condition, status, title,"
            " description, price_minor, currency, created_at, updated_at, published_at)"
            " SELECT gen_random_uuid(), seller_id, department_id, group_id, category_id, condition, status, title,"
            " description, price_minor, currency, created_at, updated_at, published_at"
            " FROM listings, generate_series(1, 2500)"
        )
    [_, file, _] = addresses((await visitor.get("/sitemap.xml")).text)
    told = addresses((await visitor.get(file.removeprefix(HERE))).text)

    assert len(told) == len(set(told)) == 2501
    assert f"{HERE}/listings/{listing.id}" in told


@pytest.mark.parametrize(
    "name",
    [
        "listings.xml",
        "listings-.xml",
        "listings-x.xml",
        "orders-0197f2a0-4d5e-7c3b-9a1f-2b6c8d7e9f01.xml",
        "listings-0197f2a0-4d5e-7c3b-9a1f-2b6c8d7e9f01",
        "listings-0197F2A0-4D5E-7C3B-9A1F-2B6C8D7E9F01.xml",
        "listings-0197f2a04d5e7c3b9a1f2b6c8d7e9f01.xml",
    ],
)
async def test_a_file_has_one_name(visitor: httpx.AsyncClient, name: str) -> None:
    assert (await visitor.get(f"/sitemaps/{name}")).status_code == 404


async def test_robots_are_led_to_the_map_and_away_from_what_is_one_s_own(visitor: httpx.AsyncClient) -> None:
    text = (await visitor.get("/robots.txt")).text.splitlines()

    assert text[0] == "User-agent: *"
    assert {"Disallow: /my/", "Disallow: /account", "Disallow: /search"} <= set(text)
    assert "Disallow: /" not in text
    assert text[-1] == f"Sitemap: {HERE}/sitemap.xml"


@pytest.mark.parametrize("address", ["/sitemap.xml", "/sitemaps/categories.xml", "/robots.txt"])
async def test_a_head_says_what_a_get_would(visitor: httpx.AsyncClient, address: str) -> None:
    head, get = await visitor.head(address), await visitor.get(address)

    assert head.status_code == 200
    assert headers_alike(head) == headers_alike(get)
    assert head.content == b""
