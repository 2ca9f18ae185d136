"""Hearts in pages: with htmx and without, for who has signed in and who has not."""

import re

import httpx
import pytest
from sqlalchemy import func, select

from tests.conftest import CountStatements
from tests.making import THEN, a_listing, a_member
from tests.web.visiting import cookie_of
from threadly.core.database import Database
from threadly.marketplace import favourites
from threadly.marketplace.favourites import Favourite
from threadly.marketplace.listings import Listing, ListingStatus
from threadly.wiring import Services

FORM = {"content-type": "application/x-www-form-urlencoded"}
HTMX = {"hx-request": "true"}


async def hearts(db: Database, listing: Listing) -> int:
    async with db.read() as read:
        found = select(func.count()).select_from(Favourite).where(Favourite.listing_id == listing.id)
        return int((await read.execute(found)).scalar_one())


async def test_a_heart_is_given_and_taken_back_without_javascript(visitor: httpx.AsyncClient, db: Database) -> None:
    listing = await a_listing(db)
    signed_in = await cookie_of(db, await a_member(db))

    for press, count in (("heart", 1), ("heart", 1), ("unheart", 0), ("unheart", 0)):
        answer = await visitor.post(
            f"/listings/{listing.id}/{press}", data={"next": "/categories/women?sort=price_asc"}, headers=signed_in
        )
        assert answer.status_code == 303
        assert answer.headers["location"] == f"/categories/women?sort=price_asc#card-{listing.id}"
        assert await hearts(db, listing) == count


async def test_htmx_is_answered_with_the_button_as_it_is_now(visitor: httpx.AsyncClient, db: Database) -> None:
    listing = await a_listing(db, title="A dress & more")
    signed_in = await cookie_of(db, await a_member(db))
    given = await visitor.post(f"/listings/{listing.id}/heart", data={}, headers=signed_in | HTMX | FORM)
    taken = await visitor.post(f"/listings/{listing.id}/unheart", data={}, headers=signed_in | HTMX | FORM)

    assert given.headers["cache-control"] == taken.headers["cache-control"] == "private, no-store"
    assert given.text.startswith("<button")
    assert 'aria-pressed="true"' in given.text
    assert f'formaction="/listings/{listing.id}/unheart"' in given.text
    assert "A dress &amp; more" in given.text
    assert 'aria-pressed="false"' in taken.text
    assert f'hx-post="/listings/{listing.id}/heart"' in taken.text


@pytest.mark.parametrize("next_", ["//evil.example/", "https://evil.example/", "/\\evil.example", ""])
async def test_one_does_not_come_back_to_another_site(visitor: httpx.AsyncClient, db: Database, next_: str) -> None:
    listing = await a_listing(db)
    signed_in = await cookie_of(db, await a_member(db))
    answer = await visitor.post(f"/listings/{listing.id}/heart", data={"next": next_}, headers=signed_in | FORM)

    assert answer.headers["location"] == f"/listings/{listing.id}#card-{listing.id}"


async def test_who_has_not_signed_in_is_led_there_and_back(visitor: httpx.AsyncClient, db: Database) -> None:
    listing = await a_listing(db)
    came_from = {
        "referer": f"http://shop.test/listings/{listing.id}",
        "hx-current-url": f"http://shop.test/listings/{listing.id}",
    }
    plain = await visitor.post(f"/listings/{listing.id}/heart", data={"next": "/"}, headers=came_from)
    part = await visitor.post(f"/listings/{listing.id}/heart", data={}, headers=came_from | HTMX | FORM)

    assert plain.status_code == 303
    way = f"/sign-in?next=/listings/{listing.id}%23heart-{listing.id}"
    assert plain.headers["location"] == part.headers["hx-redirect"] == way
    assert await hearts(db, listing) == 0
    assert (await visitor.get("/my/favourites")).headers["location"] == "/sign-in?next=/my/favourites"


async def test_nobody_can_press_the_heart_of_their_own(visitor: httpx.AsyncClient, db: Database) -> None:
    seller = await a_member(db)
    listing = await a_listing(db, seller_id=seller.id)
    signed_in = await cookie_of(db, seller)
    answer = await visitor.post(f"/listings/{listing.id}/heart", data={"next": "/"}, headers=signed_in)

    assert answer.status_code == 403
    assert "This is your own." in answer.text
    for address in ("/", f"/listings/{listing.id}"):
        assert 'class="heart"' not in (await visitor.get(address, headers=signed_in)).text
        assert 'class="heart"' in (await visitor.get(address)).text


async def test_a_shared_page_shows_nobody_s_hearts(visitor: httpx.AsyncClient, db: Database) -> None:
    listing, member = await a_listing(db), await a_member(db)
    await db.run(favourites.add, member_id=member.id, listing_id=listing.id)
    signed_in = await cookie_of(db, member)

    for address in ("/", f"/listings/{listing.id}", "/categories/women"):
        shared, own = await visitor.get(address), await visitor.get(address, headers=signed_in)
        assert 'aria-pressed="true"' not in shared.text
        assert 'aria-pressed="true"' in own.text
        assert '<span class="heart-count" aria-hidden="true">1</span>' in shared.text
        assert shared.headers["cache-control"].startswith("public")
        assert own.headers["cache-control"] == "private, no-store"


async def test_all_hearts_of_a_page_are_one_statement(
    visitor: httpx.AsyncClient, db: Database, installed: Services, count_statements: CountStatements
) -> None:
    for _ in range(12):
        await a_listing(db)
    signed_in = await cookie_of(db, await a_member(db))
    await visitor.get("/")
    shared = await count_statements(installed.db, visitor.get("/"))

    assert await count_statements(installed.db, visitor.get("/", headers=signed_in)) == shared + 3  # session, member


async def test_my_favourites_tell_what_was_sold(visitor: httpx.AsyncClient, db: Database) -> None:
    member = await a_member(db)
    signed_in = await cookie_of(db, member)
    assert "No favourites yet." in (await visitor.get("/my/favourites", headers=signed_in)).text

    for title, status in (("Still there", ListingStatus.AVAILABLE), ("Gone by now", ListingStatus.SOLD)):
        sold_at = THEN if status is ListingStatus.SOLD else None
        listing = await a_listing(db, title=title, status=status, sold_at=sold_at)
        await db.run(favourites.add, member_id=member.id, listing_id=listing.id)
    page = (await visitor.get("/my/favourites", headers=signed_in)).text

    assert re.findall(r"<h3><a[^>]*>([^<]*)</a>", page) == ["Gone by now", "Still there"]
    assert page.count('<span class="card-state">Sold</span>') == 1
    assert page.count('aria-pressed="true"') == 2


@pytest.mark.parametrize("body", ["next=a&next=b", "other=1", "next=%ff"])
async def test_a_form_that_no_page_sends_is_refused(visitor: httpx.AsyncClient, db: Database, body: str) -> None:
    listing = await a_listing(db)
    signed_in = await cookie_of(db, await a_member(db))
    answer = await visitor.post(f"/listings/{listing.id}/heart", content=body, headers=signed_in | FORM)

    assert answer.status_code == 400
    assert await hearts(db, listing) == 0
