"""What is for sale, in JSON: complete, in pages, and strict about what is asked."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.conftest import CountStatements
from tests.making import THEN, a_brand, a_category, a_listing, a_member
from threadly.core.database import Database
from threadly.marketplace.listings import ListingStatus
from threadly.wiring import Services

LISTINGS = "/api/v1/listings"


async def titles(client: httpx.AsyncClient, **asked: str | int) -> list[str]:
    """The titles of one page."""
    answer = await client.get(LISTINGS, params=asked)
    assert answer.status_code == 200, answer.text
    return [item["title"] for item in answer.json()["items"]]


async def test_a_card_tells_what_a_grid_shows(client: httpx.AsyncClient, db: Database) -> None:
    seller = await a_member(db, username="mila", display_name="Мила")
    brand = await a_brand(db, "Arket")
    listing = await a_listing(db, seller_id=seller.id, brand_id=brand.id, price_minor=24_50)

    answer = (await client.get(LISTINGS)).json()

    (card,) = answer["items"]
    picture = card.pop("picture")
    assert card == {
        "id": str(listing.id),
        "title": "Linen summer dress",
        "price": {"amount_minor": 24_50, "currency": "EUR"},
        "condition": "good",
        "brand": "Arket",
        "size": None,
        "published_at": "2026-03-01T12:00:00Z",
        "seller": {"id": str(seller.id), "username": "mila", "display_name": "Мила"},
    }
    assert list(picture["urls"]) == ["320", "640", "1280"]
    assert picture["urls"]["320"].startswith("/media/")
    assert picture["urls"]["320"].endswith("-320.webp")
    assert answer["next"] is None


async def test_pages_follow_each_other_until_the_last(client: httpx.AsyncClient, db: Database) -> None:
    for price in range(1, 6):
        await a_listing(db, title=f"Number {price}", price_minor=price)

    seen, cursor = [], None
    while True:
        asked = {"sort": "price_desc", "limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await client.get(LISTINGS, params=asked)).json()
        seen.append([item["title"] for item in page["items"]])
        cursor = page["next"]
        if cursor is None:
            break

    assert seen == [["Number 5", "Number 4"], ["Number 3", "Number 2"], ["Number 1"]]


async def test_a_category_and_a_price_band_narrow_the_list(client: httpx.AsyncClient, db: Database) -> None:
    await a_listing(db, title="Cheap dress", price_minor=10)
    await a_listing(db, title="Fair dress", price_minor=20)
    await a_listing(db, title="Fair coat", price_minor=20, category="women/clothing/coats")
    await a_listing(db, title="Fair shirt", price_minor=20, category="men/clothing/shirts")

    assert await titles(client, category="women/clothing/dresses", min_price=20, max_price=20) == ["Fair dress"]
    assert sorted(await titles(client, category="women", min_price=20)) == ["Fair coat", "Fair dress"]
    assert await titles(client, min_price=21) == []


@pytest.mark.parametrize(
    ("query", "code", "parameter"),
    [
        ("limit=0", "parameter_invalid", "limit"),
        ("limit=101", "parameter_invalid", "limit"),
        ("limit=5.0", "parameter_invalid", "limit"),
        ("limit=%2B5", "parameter_invalid", "limit"),
        ("limit=", "parameter_invalid", "limit"),
        ("limit=1e1", "parameter_invalid", "limit"),
        ("limit=9999999999999999999999", "parameter_invalid", "limit"),
        ("limit=true", "parameter_invalid", "limit"),
        ("min_price=-1", "parameter_invalid", "min_price"),
        ("max_price=100000000", "parameter_invalid", "max_price"),
        ("min_price=2&max_price=1", "parameter_invalid", "min_price"),
        ("min_price=1%20OR%201=1", "parameter_invalid", "min_price"),
        ("sort=cheap", "parameter_invalid", "sort"),
        ("sort=NEWEST", "parameter_invalid", "sort"),
        ("sort=price_asc;DROP%20TABLE%20listings", "parameter_invalid", "sort"),
        ("limit=1&limit=2", "parameter_repeated", "limit"),
        ("offset=5", "parameter_unknown", "offset"),
        ("category=%00", "parameter_malformed", "category"),
        ("category=%ff", "parameter_malformed", "category"),
        ("category=%zz", "parameter_malformed", "category"),
        ("category=", "parameter_invalid", "category"),
        (f"category={'a' * 201}", "parameter_invalid", "category"),
        ("&" * 80, "query_too_long", None),
        ("cursor=%3Cscript%3E", "parameter_invalid", "cursor"),
        ("cursor=AAAA", "cursor_invalid", None),
        (f"cursor={'A' * 513}", "parameter_invalid", "cursor"),
    ],
)
async def test_what_is_asked_wrongly_is_refused_by_name(
    window: httpx.AsyncClient, query: str, code: str, parameter: str | None
) -> None:
    answer = await window.get(f"{LISTINGS}?{query}")

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert (told["code"], told.get("parameter")) == (code, parameter)
    assert told["title"].endswith(".")


@pytest.mark.parametrize(
    "category",
    ["nothing", "women/clothing", "'; DROP TABLE listings; --", "<script>alert(1)</script>", "women/", "../x"],
)
async def test_a_category_that_is_not_there_is_not_found(window: httpx.AsyncClient, category: str) -> None:
    answer = await window.get(LISTINGS, params={"category": category})
    assert (answer.status_code, answer.json()["code"]) == (404, "category_not_found")


async def test_a_cursor_opens_only_the_list_it_was_given_out_for(client: httpx.AsyncClient, db: Database) -> None:
    for _ in range(2):
        await a_listing(db)
    cursor = (await client.get(LISTINGS, params={"limit": 1})).json()["next"]

    assert await titles(client, cursor=cursor, limit=1) == ["Linen summer dress"]
    for asked in ({"sort": "price_asc"}, {"min_price": "1"}, {"category": "women"}):
        answer = await client.get(LISTINGS, params={"cursor": cursor, **asked})
        assert (answer.status_code, answer.json()["code"]) == (400, "cursor_invalid")
    other = next(sign for sign in "ABC" if sign not in {cursor[0], cursor[-1]})
    for tampered in (cursor[:-1] + other, cursor + other, cursor + "!", cursor + "=", cursor[:-1], other + cursor[1:]):
        answer = await client.get(LISTINGS, params={"cursor": tampered, "limit": 1})
        assert answer.status_code == 400, tampered
        assert answer.json()["code"] in {"cursor_invalid", "parameter_invalid"}


async def test_a_listing_is_told_whole(client: httpx.AsyncClient, db: Database) -> None:
    seller = await a_member(db, place="Sofia", joined_at=THEN)
    listing = await a_listing(db, seller_id=seller.id, pictures=2)

    answer = await client.get(f"{LISTINGS}/{listing.id}")

    told = answer.json()
    assert answer.status_code == 200
    assert told["description"] == "Worn twice, from a home without smoke."
    assert told["status"] == "available"
    assert [step["path"] for step in told["categories"]] == ["women", "women/clothing", "women/clothing/dresses"]
    assert [picture["alt"] for picture in told["pictures"]] == ["View 1", "View 2"]
    assert told["seller"]["place"] == "Sofia"
    assert told["seller"]["avatar"] is None


@pytest.mark.parametrize(
    ("status", "facts", "found"),
    [
        (ListingStatus.DRAFT, {"published_at": None}, False),
        (ListingStatus.AVAILABLE, {}, True),
        (ListingStatus.RESERVED, {}, True),
        (ListingStatus.SOLD, {"sold_at": THEN}, True),
        (ListingStatus.REMOVED, {"removed_at": THEN}, False),
    ],
)
async def test_drafts_and_removed_listings_are_not_found(
    client: httpx.AsyncClient, db: Database, status: ListingStatus, facts: dict[str, Any], found: bool
) -> None:
    listing = await a_listing(db, status=status, **facts)
    answer = await client.get(f"{LISTINGS}/{listing.id}")
    assert answer.status_code == (200 if found else 404)
    if not found:
        assert answer.json()["code"] == "listing_not_found"


@pytest.mark.parametrize(
    "id",
    [
        "1",
        "abc",
        "%00",
        "'; DROP TABLE listings; --",
        "<script>",
        "٥" * 32,
        "%7B0197f2a0-4d5e-7c3b-9a1f-2b6c8d7e9f01%7D",
        "0197f2a04d5e7c3b9a1f2b6c8d7e9f01",
        "%ff",
    ],
)
async def test_what_is_no_id_is_not_found(window: httpx.AsyncClient, id: str) -> None:
    answer = await window.get(f"{LISTINGS}/{id}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_an_id_that_nobody_has_is_not_found(window: httpx.AsyncClient) -> None:
    answer = await window.get(f"{LISTINGS}/{uuid4()}")
    assert (answer.status_code, answer.json()["code"]) == (404, "listing_not_found")


async def test_an_id_has_no_other_spelling(client: httpx.AsyncClient, db: Database) -> None:
    listing = await a_listing(db)
    assert (await client.get(f"{LISTINGS}/{str(listing.id).upper()}")).status_code == 200
    for spelling in (listing.id.hex, f"{{{listing.id}}}", f"urn:uuid:{listing.id}"):
        assert (await client.get(f"{LISTINGS}/{spelling}")).status_code == 404


async def test_a_page_costs_at_most_two_statements(
    client: httpx.AsyncClient, installed: Services, count_statements: CountStatements
) -> None:
    await a_category(installed.db)
    listing = await a_listing(installed.db)
    assert await count_statements(installed.db, client.get(LISTINGS)) == 1
    assert await count_statements(installed.db, client.get(LISTINGS, params={"category": "women"})) == 2
    assert await count_statements(installed.db, client.get(f"{LISTINGS}/{listing.id}")) == 2
    assert await count_statements(installed.db, client.get(LISTINGS, params={"limit": "x"})) == 0


async def test_a_person_who_looks_is_counted_and_a_program_is_not(
    client: httpx.AsyncClient, db: Database, installed: Services
) -> None:
    listing = await a_listing(db)
    person = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}

    for headers in ({}, person | {"authorization": "Bearer x"}, person | {"cookie": "threadly_session=x"}):
        await client.get(f"{LISTINGS}/{listing.id}", headers=headers)
    assert len(installed.audience) == 0
    for _ in range(2):
        await client.get(f"{LISTINGS}/{listing.id}", headers=person)
    assert len(installed.audience) == 1
