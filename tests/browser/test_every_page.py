"""Every page there is, in each of its states, as one walk: nothing keeps anybody out, by day or by night."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest
from playwright.async_api import Browser, Page, expect
from sqlalchemy import select, text

from tests.browser.members import PASSWORD, sign_up
from tests.browser.shop import Shop
from tests.browser.visits import PATIENCE_MS, SCHEMES, WATCH, does_not_scroll_sideways, has_no_violations
from tests.conftest import database_settings
from tests.making import THEN, a_listing, a_member
from threadly.core.database import Database, Tx
from threadly.marketplace.listings import Listing, ListingPicture, ListingStatus
from threadly.marketplace.members import Member

Pages = Callable[[Page, Shop, Database], AsyncIterator[str]]
ELSEWHERE = "men/outerwear/denim-jackets"
"""Where nobody counts."""


async def goes(page: Page, path: str) -> None:
    """The page is there, or rightly says that it is not."""
    answer = await page.goto(path)
    assert answer is not None
    assert answer.status == (404 if path == "/nowhere" else 200), path


async def hung(db: Database, shop: Shop, *, pictures: int = 1, **facts: Any) -> Listing:  # noqa: ANN401
    """A listing that shows pictures of the shop: others, whose files are nowhere, would spoil pages for other tests."""
    listing = await a_listing(db, category=ELSEWHERE, pictures=0, **facts)

    async def show(tx: Tx) -> None:
        first = UUID(shop.for_sale.removeprefix("/listings/"))
        of_the_shop = select(ListingPicture.picture_id).where(ListingPicture.listing_id == first).limit(pictures)
        for position, (id,) in enumerate((await tx.execute(of_the_shop)).all(), start=1):
            tx.add(ListingPicture(listing_id=listing.id, position=position, picture_id=id, alt=f"View {position}"))

    await db.run(show)
    return listing


async def for_everybody(page: Page, shop: Shop, db: Database) -> AsyncIterator[str]:
    """One page after another that needs no account; what each is called."""
    reserved = await hung(db, shop, status=ListingStatus.RESERVED)
    nobody = await a_member(db)
    for name, path in {
        "home": "/",
        "category": "/categories/women",
        "deep category": "/categories/women/clothing/dresses",
        "empty category": "/categories/women/clothing/dresses?min_price=1&max_price=2",
        "search": "/search?q=dress",
        "corrected search": "/search?q=linnen+dres",
        "search without result": "/search?q=nowhere-to-be-found",
        "listing": shop.for_sale,
        "sold listing": shop.sold,
        "reserved listing": f"/listings/{reserved.id}",
        "empty profile": f"/members/{nobody.username}",
        "terms": "/about/terms",
        "privacy": "/about/privacy",
        "imprint": "/about/imprint",
        "contact": "/about/contact",
        "nothing": "/nowhere",
        "sign-up": "/sign-up",
        "why to sign in": "/sign-in?next=/sell",
        "sign-in": "/sign-in",
    }.items():
        await goes(page, path)
        yield name

    await page.get_by_label("Username or e-mail address").fill("nobody")
    await page.get_by_label("Password").fill("nothing much")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    yield "refused sign-in"

    await page.goto("/sign-up")
    await page.get_by_label("Username").fill("ad-min")
    await page.get_by_label("E-mail address").fill("mila@shop")
    await page.get_by_label("Password").fill("password")
    await page.get_by_role("button", name="Sign up").click()
    await expect(page.get_by_role("alert")).to_contain_text("This name is kept for the shop.")
    yield "refused sign-up"

    await page.goto(shop.for_sale)
    await page.locator(".seller-name a").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Мила É")
    yield "profile"

    await page.goto("/categories/women")
    await page.get_by_role("button", name="Filters").click()
    await expect(page.locator("#filters")).to_be_visible()
    yield "filters"
    await page.goto("/search?q=dress")
    await page.locator(".sort-menu summary").click()
    yield "order"
    await page.goto("/")
    await page.get_by_role("button", name="Menu", exact=True).click()
    yield "menu"


async def for_members(page: Page, shop: Shop, db: Database) -> AsyncIterator[str]:
    """One page after another of somebody new, empty at first; what each is called."""
    username = await sign_up(page)
    shelves = ("for_sale", "drafts", "sold", "removed")
    for path in (
        f"/members/{username}",
        *(f"/my/listings?shelf={shelf}" for shelf in shelves),
        "/my/favourites",
        "/account",
        "/sell",
    ):
        await goes(page, path)
        yield f"{path}, empty"

    await page.get_by_role("button", name="Begin").click()
    await page.wait_for_url("**/sell/*")
    yield "new draft"
    await page.get_by_role("button", name="Publish").click()
    await expect(page.get_by_role("alert")).to_contain_text("Please choose a category.")
    yield "draft with mistakes"

    async with db.read() as read:
        me: UUID = (await read.execute(select(Member.id).where(Member.username == username))).scalar_one()
    draft = await hung(db, shop, seller_id=me, status=ListingStatus.DRAFT, published_at=None, pictures=3)
    own = await hung(db, shop, seller_id=me, pictures=2)
    await hung(db, shop, seller_id=me, status=ListingStatus.RESERVED)
    await hung(db, shop, seller_id=me, status=ListingStatus.SOLD, sold_at=THEN)
    await hung(db, shop, seller_id=me, status=ListingStatus.REMOVED, removed_at=THEN)
    await page.goto(shop.for_sale)
    await page.locator(".listing-hearts .heart").click()
    await expect(page.locator(".listing-hearts .heart")).to_have_attribute("aria-pressed", "true")
    for path in (
        "/sell",
        f"/sell/{draft.id}",
        f"/sell/{draft.id}/preview",
        f"/sell/{own.id}",
        f"/listings/{own.id}",
        f"/listings/{own.id}?online=1",
        *(f"/my/listings?shelf={shelf}" for shelf in shelves),
        f"/members/{username}",
        f"/members/{username}?rail=sold",
        "/my/favourites",
        "/nowhere",
        "/account?done=profile",
    ):
        await goes(page, path)
        yield path

    await page.get_by_label("Current password").fill("another one")
    await page.get_by_label("New password").fill(PASSWORD)
    await page.get_by_role("button", name="Change password").click()
    await expect(page.get_by_role("alert")).to_contain_text("Current password: This is not your current password.")
    yield "refused password"
    await page.get_by_role("button", name="Your account").click()
    yield "account menu"

    async with out_of_order(db):
        answer = await page.goto("/my/favourites")
        assert answer is not None
        assert answer.status == 500
        yield "failure"


@asynccontextmanager
async def out_of_order(db: Database) -> AsyncIterator[None]:
    """What nobody foresaw, for the length of the `with`."""

    async def take(tx: Tx) -> None:
        await tx.execute(text("ALTER TABLE favourites RENAME TO taken"))

    async def give_back(tx: Tx) -> None:
        await tx.execute(text("ALTER TABLE taken RENAME TO favourites"))

    await db.run(take)
    try:
        yield
    finally:
        await db.run(give_back)


@pytest.mark.parametrize("pages", [for_everybody, for_members])
async def test_every_page_keeps_nobody_out(browser: Browser, shop: Shop, axe: str, pages: Pages) -> None:
    context = await browser.new_context(
        base_url=shop.url, viewport={"width": 390, "height": 844}, reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE_MS)
    refused: list[str] = []
    await context.add_init_script(WATCH)
    page = await context.new_page()
    page.on("console", lambda message: refused.extend([message.text] if "CSP" in message.text else []))
    page.on("console", lambda message: refused.extend([message.text] if "Content Security" in message.text else []))
    db = Database(database_settings(shop.database_url))
    async for name in pages(page, shop, db):
        for scheme in SCHEMES:
            try:
                await page.emulate_media(color_scheme=scheme)
                await does_not_scroll_sideways(page)
                await has_no_violations(page, axe)
                assert refused == []
            except AssertionError as mistake:
                mistake.add_note(f"Seen on: {name}, {scheme}")
                raise
    await db.close()
    await context.close()
