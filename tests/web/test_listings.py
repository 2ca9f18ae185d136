from datetime import timedelta
from typing import Any

import httpx
import pytest
import time_machine

from tests.conftest import CountStatements
from tests.making import THEN, a_brand, a_listing, a_member, a_picture
from threadly.core.database import Database
from threadly.marketplace.listings import ListingStatus
from threadly.wiring import Services


async def test_a_listing_is_shown_whole(visitor: httpx.AsyncClient, db: Database) -> None:
    avatar = await a_picture(db)
    seller = await a_member(db, display_name="Оксана П.", place="Lviv", joined_at=THEN, avatar_id=avatar.id)
    brand = await a_brand(db, "Weekday")
    listing = await a_listing(
        db, pictures=3, seller_id=seller.id, brand_id=brand.id, description="First line.\nSecond & last line."
    )
    with time_machine.travel(THEN + timedelta(days=3), tick=True):
        page = (await visitor.get(f"/listings/{listing.id}")).text

    assert "<h1>Linen summer dress</h1>" in page
    assert "€24.50" in page
    assert "Weekday" in page
    assert "First line.\nSecond &amp; last line." in page
    assert "Оксана П." in page
    assert f"/media/{avatar.name}-320.webp" in page
    assert f'<time datetime="{THEN.isoformat()}">3 days ago</time>' in page
    assert '<a href="/categories/women/clothing/dresses">Dresses</a>' in page


async def test_thumbnails_are_links_to_the_pictures(visitor: httpx.AsyncClient, db: Database) -> None:
    page = (await visitor.get(f"/listings/{(await a_listing(db, pictures=3)).id}")).text
    for number in (1, 2, 3):
        assert page.count(f'href="#picture-{number}"') == page.count(f'id="picture-{number}"') == 1
        assert f'alt="View {number}"' in page


async def test_a_single_picture_needs_no_thumbnails(visitor: httpx.AsyncClient, db: Database) -> None:
    assert "data-thumbnail" not in (await visitor.get(f"/listings/{(await a_listing(db)).id}")).text


async def test_a_listing_without_pictures_and_details_has_its_page(visitor: httpx.AsyncClient, db: Database) -> None:
    seller = await a_member(db, place="")
    listing = await a_listing(db, pictures=0, seller_id=seller.id)

    assert (await visitor.get(f"/listings/{listing.id}")).status_code == 200


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"status": ListingStatus.RESERVED}, "Reserved"),
        ({"status": ListingStatus.SOLD, "sold_at": THEN}, "Sold"),
    ],
)
async def test_what_is_taken_says_so(
    visitor: httpx.AsyncClient, db: Database, facts: dict[str, Any], said: str
) -> None:
    answer = await visitor.get(f"/listings/{(await a_listing(db, **facts)).id}")

    assert answer.status_code == 200
    assert f'<span class="listing-status">{said}</span>' in answer.text


@pytest.mark.parametrize(
    "facts",
    [
        {"status": ListingStatus.DRAFT, "published_at": None},
        {"status": ListingStatus.REMOVED, "removed_at": THEN},
    ],
)
async def test_what_is_not_public_is_not_there(visitor: httpx.AsyncClient, db: Database, facts: dict[str, Any]) -> None:
    listing = await a_listing(db, title="A secret coat", **facts)
    answer = await visitor.get(f"/listings/{listing.id}")

    assert answer.status_code == 404
    assert "A secret coat" not in answer.text


@pytest.mark.parametrize("id", ["01890a5d-ac96-774b-bcce-b302099a8057", "1", "x", "%00", "1' OR '1'='1"])
async def test_an_id_of_nothing_is_not_found(visitor: httpx.AsyncClient, id: str) -> None:
    answer = await visitor.get(f"/listings/{id}")

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


async def test_an_id_has_one_spelling(visitor: httpx.AsyncClient, db: Database) -> None:
    id = (await a_listing(db)).id

    assert (await visitor.get(f"/listings/{id}")).status_code == 200
    for spelling in (id.hex, f"{{{id}}}", f"urn:uuid:{id}"):
        assert (await visitor.get(f"/listings/{spelling}")).status_code == 404


async def test_a_listing_takes_no_parameters(visitor: httpx.AsyncClient, db: Database) -> None:
    assert (await visitor.get(f"/listings/{(await a_listing(db)).id}?ref=x")).status_code == 400


async def test_a_listing_takes_three_statements(
    visitor: httpx.AsyncClient, installed: Services, count_statements: CountStatements
) -> None:
    listing = await a_listing(installed.db, pictures=3)
    await visitor.get("/")

    assert await count_statements(installed.db, visitor.get(f"/listings/{listing.id}")) == 3
