"""Browse, filter, search in a hurry, love, and find it again: by thumb and by mouse, with JavaScript and without."""

import re
from urllib.parse import quote

from playwright.async_api import Browser, Page, Route, expect

from tests.browser.members import sign_up
from tests.browser.shop import Shop
from tests.browser.visits import (
    Scheme,
    at_a_desk,
    day_and_night,
    does_not_scroll_sideways,
    either_way,
    everywhere,
    has_no_violations,
    settled,
    visit,
)


async def to_filters(page: Page, width: int) -> None:
    """The column is there; the sheet is opened."""
    if width < 1024:
        await page.get_by_role("button", name="Filters").click()
    await expect(page.locator("#filters")).to_be_visible()


@everywhere
@either_way
async def test_the_walk_of_a_shopper(browser: Browser, shop: Shop, axe: str, width: int, script: bool) -> None:
    async with visit(browser, shop, width, "light", script=script) as page:
        cards, total = page.locator(".card-item"), page.locator(".browse-total")
        await sign_up(page)
        await expect(total).to_have_text("51 items")

        await to_filters(page, width)
        await page.locator(".facet summary", has_text="Condition").click()
        await page.locator("#condition-good").check()
        if not script or width < 1024:
            await page.get_by_role("button", name="Show results").click()
        await expect(page.locator(".chip")).to_have_text(re.compile("Good"))
        await expect(total).not_to_have_text("51 items")
        await does_not_scroll_sideways(page)
        if script:
            await has_no_violations(page, axe)
        await page.locator(".chip").click()
        await expect(total).to_have_text("51 items")

        await page.locator("#search-field").fill("linnen dres")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("looked for")).to_be_visible()
        await expect(cards.first).to_contain_text("dress")
        if script:
            await has_no_violations(page, axe)

        heart = cards.first.locator(".heart")
        title = await cards.first.locator("h3").inner_text()
        await heart.click()
        await expect(heart).to_have_attribute("aria-pressed", "true")
        await page.goto("/my/favourites")
        await expect(cards.locator("h3")).to_have_text([title])
        await does_not_scroll_sideways(page)
        if script:
            await has_no_violations(page, axe)

        await cards.first.get_by_role("link").click()
        await page.locator(".listing-hearts .heart").click()
        await expect(page.locator(".listing-hearts .heart")).to_have_attribute("aria-pressed", "false")
        await page.goto("/my/favourites")
        await expect(page.get_by_text("No favourites yet.")).to_be_visible()
        if script:
            await has_no_violations(page, axe)


@either_way
async def test_a_heart_leads_who_has_not_signed_in_there_and_back(browser: Browser, shop: Shop, script: bool) -> None:
    async with visit(browser, shop, 390, "light", script=script) as page:
        await page.goto(shop.for_sale)
        await page.locator(".listing-hearts .heart").click()
        await page.wait_for_url(f"**/sign-in?next={shop.for_sale}%23heart-*")
        await expect(page.get_by_text("To keep what you love, you need an account.")).to_be_visible()
        await page.get_by_role("link", name="Sign up").click()
        await page.wait_for_url(f"**/sign-up?next={quote(shop.for_sale, safe='')}%23heart-*")


async def test_pictures_come_from_an_origin_of_their_own_and_are_seen(browser: Browser, shop: Shop) -> None:
    async with visit(browser, shop, 1280, "light") as page:
        await page.goto(shop.for_sale)
        picture = page.locator("main img[srcset]").first
        await expect(picture).to_have_js_property("complete", value=True)
        assert await picture.evaluate("shown => shown.naturalWidth") > 0
        origin = await picture.evaluate("shown => new URL(shown.currentSrc).origin")
        assert origin == shop.url.replace("127.0.0.1", "localhost") != shop.url


async def test_a_facet_stays_open_while_the_page_is_drawn_anew(browser: Browser, shop: Shop) -> None:
    async with visit(browser, shop, 1280, "light") as page:
        await page.goto("/categories/women/clothing")
        await page.locator("#facet-condition summary").click()
        await page.locator(".sort-menu summary").click()
        await page.get_by_role("link", name="Price, high to low").click()
        await expect(page.locator("#sort-price_desc")).to_have_attribute("aria-current", "true")
        await expect(page.locator("#facet-condition")).to_have_attribute("open", "")


async def test_a_heart_that_is_refused_on_the_spot_is_sent_the_plain_way(browser: Browser, shop: Shop) -> None:
    async def refuse_once(route: Route) -> None:
        await (route.continue_() if route.request.is_navigation_request() else route.fulfill(status=503))

    context = await browser.new_context(base_url=shop.url)
    page = await context.new_page()
    await sign_up(page)
    await page.goto(shop.for_sale)
    await page.route("**/heart", refuse_once)
    heart = page.locator(".listing-hearts .heart")

    async with page.expect_navigation():
        await heart.click()

    await expect(heart).to_have_attribute("aria-pressed", "true")
    await expect(page).to_have_url(re.compile(f"{shop.for_sale}#card-"))
    await context.close()


@at_a_desk
@day_and_night
async def test_sheets_menus_and_members_keep_nobody_out(
    browser: Browser, shop: Shop, axe: str, width: int, scheme: Scheme
) -> None:
    async with visit(browser, shop, width, scheme) as page:
        await page.goto("/categories/women/clothing")
        await to_filters(page, width)
        await has_no_violations(page, axe)
        await page.goto("/search?q=nowhere-to-be-found")
        await has_no_violations(page, axe)
        await page.locator(".sort-menu summary").click()
        await has_no_violations(page, axe)
        await page.goto(shop.for_sale)
        await page.locator(".seller-name a").click()
        await expect(page.get_by_role("link", name=re.compile("^For sale"))).to_have_attribute("aria-current", "page")
        await does_not_scroll_sideways(page)
        await has_no_violations(page, axe)


@everywhere
async def test_suggestions_are_chosen_by_the_keyboard(browser: Browser, shop: Shop, axe: str, width: int) -> None:
    async with visit(browser, shop, width, "light") as page:
        await page.goto("/")
        field = page.get_by_role("combobox", name="Search")
        async with page.expect_response(re.compile(r"/suggestions\?.*\bq=loo\b")):
            await field.press_sequentially("loo")
        await settled(page)
        brand = page.get_by_role("option", name="Loom & Daughters")
        await expect(brand).to_be_visible()
        await expect(field).to_have_attribute("aria-expanded", "true")
        await has_no_violations(page, axe)
        await page.keyboard.press("Escape")
        await expect(brand).to_be_hidden()
        await page.keyboard.press("ArrowDown")
        await expect(brand).to_have_attribute("aria-selected", "true")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/search?brand=*")
        await expect(page.locator(".chip")).to_have_text(re.compile("Loom & Daughters"))


async def test_what_is_touched_is_as_large_as_a_thumb(browser: Browser, shop: Shop) -> None:
    async with visit(browser, shop, 390, "light") as page:
        await page.goto("/categories/women/clothing")
        await to_filters(page, 390)
        sizes = await page.evaluate(
            """[...document.querySelectorAll("#filters :is(a, button, label, summary), .heart, .browse-tools .btn")]
                .map((each) => [each.className || each.tagName, each.getBoundingClientRect().height])
                .filter(([, height]) => height > 0 && height < 43.5)"""
        )
        assert sizes == []
