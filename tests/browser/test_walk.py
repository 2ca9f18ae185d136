"""Home → category → next page → listing, as people walk it: on a telephone and a desk, by day and by night."""

import re

from playwright.async_api import Browser, Page, expect

from tests.browser.shop import Shop
from tests.browser.visits import (
    Scheme,
    at_a_desk,
    day_and_night,
    does_not_scroll_sideways,
    either_way,
    everywhere,
    has_no_violations,
    in_two_ways,
    settled,
    visit,
)


async def to_women(page: Page, width: int) -> None:
    """Through the menu of the header, which opens without JavaScript too."""
    if width < 1024:
        await page.get_by_role("button", name="Menu", exact=True).click()
        await page.locator("#menu summary", has_text="Women").click()
        await page.locator("#menu").get_by_role("link", name="All Women").click()
    else:
        await page.get_by_role("button", name="Women", exact=True).click()
        await page.locator("#menu-women").get_by_role("link", name="All Women").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Women")


@in_two_ways
async def test_the_walk_with_javascript(browser: Browser, shop: Shop, axe: str, width: int, scheme: Scheme) -> None:
    async with visit(browser, shop, width, scheme) as page:
        cards = page.locator(".card-item")
        await page.goto("/")
        await expect(cards).to_have_count(24)
        await does_not_scroll_sideways(page)
        await has_no_violations(page, axe)

        await to_women(page, width)
        await expect(cards).to_have_count(24)
        await does_not_scroll_sideways(page)
        await has_no_violations(page, axe)

        address = page.url
        await page.get_by_role("link", name="Show more").click()
        await expect(cards).to_have_count(48)
        await settled(page)
        await page.get_by_role("link", name="Show more").click()
        await expect(cards).to_have_count(51)
        await expect(page.get_by_role("link", name="Show more")).to_have_count(0)
        assert page.url == address
        shown = await cards.locator("h3").all_inner_texts()
        assert shown == ["The newest dress", *(f"Linen dress, number {number}" for number in range(50))]
        await has_no_violations(page, axe)

        await page.get_by_role("link", name="The newest dress").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("The newest dress")
        await does_not_scroll_sideways(page)
        await has_no_violations(page, axe)


@in_two_ways
async def test_the_walk_without_javascript(browser: Browser, shop: Shop, width: int, scheme: Scheme) -> None:
    async with visit(browser, shop, width, scheme, script=False) as page:
        cards = page.locator(".card-item")
        await page.goto("/")
        await to_women(page, width)
        await expect(cards).to_have_count(24)

        await page.get_by_role("link", name="Show more").click()
        await page.wait_for_url("**/categories/women?cursor=*")
        await expect(cards).to_have_count(24)
        await page.get_by_role("link", name="Show more").click()
        await expect(cards).to_have_count(3)
        await page.get_by_role("link", name="Back to the first page").click()
        await expect(cards).to_have_count(24)

        await page.get_by_role("link", name="The newest dress").click()
        await page.get_by_role("link", name="Picture 3 of 4").click()
        await page.wait_for_url("**#picture-3")
        await expect(page.locator("#picture-3")).to_be_in_viewport(ratio=0.2)


@everywhere
@either_way
async def test_order_and_price_band(browser: Browser, shop: Shop, width: int, script: bool) -> None:
    async with visit(browser, shop, width, "dark", script=script) as page:
        prices = page.locator(".card-item .price")
        await page.goto("/categories/women")
        await page.locator(".sort-menu summary").click()
        await page.get_by_role("link", name="Price, high to low").click()
        await expect(prices.first).to_have_text("€68.90")
        await settled(page)
        if width < 1024:
            await page.get_by_role("button", name="Filters").click()
        await page.get_by_label("Lowest price").fill("20,90")
        await page.get_by_label("Highest price").fill("22.90")
        await page.get_by_role("button", name="Show results").click()
        await expect(prices).to_have_text(["€22.90", "€21.90", "€20.90"])
        await expect(page.locator("#sort-price_desc")).to_have_attribute("aria-current", "true")
        await expect(page).to_have_url(re.compile("sort=price_desc"))

        await page.go_back()
        await expect(prices.first).to_have_text("€68.90")
        await expect(page).not_to_have_url(re.compile("max_price"))


async def test_the_sheet_of_a_tablet_becomes_the_column_when_it_is_turned(browser: Browser, shop: Shop) -> None:
    async with visit(browser, shop, 390, "light") as page:
        await page.goto("/categories/women")
        await page.get_by_role("button", name="Filters").click()
        await expect(page.locator("#filters:popover-open")).to_be_visible()
        await page.set_viewport_size({"width": 1280, "height": 800})
        await expect(page.locator("#filters:not(:popover-open)")).to_be_visible()
        column = await page.locator("#filters").bounding_box()
        first = await page.locator(".card-item").first.bounding_box()
        assert column is not None
        assert first is not None
        assert column["x"] + column["width"] <= first["x"]


@at_a_desk
@day_and_night
async def test_menus_and_other_pages_keep_nobody_out(
    browser: Browser, shop: Shop, axe: str, width: int, scheme: Scheme
) -> None:
    async with visit(browser, shop, width, scheme) as page:
        await page.goto("/")
        await page.get_by_role("button", name="Women", exact=True).click()
        await has_no_violations(page, axe)
        await page.keyboard.press("Escape")
        await expect(page.locator("[popover]:popover-open")).to_have_count(0)
        await page.goto(shop.sold)
        await has_no_violations(page, axe)
        await page.goto("/categories/women/clothing/dresses?min_price=1&max_price=2")
        await expect(page.get_by_text("Nothing fits all of this.")).to_be_visible()
        await has_no_violations(page, axe)


@day_and_night
async def test_a_page_that_is_not_there_keeps_nobody_out(
    browser: Browser, shop: Shop, axe: str, scheme: Scheme
) -> None:
    context = await browser.new_context(base_url=shop.url, color_scheme=scheme)
    page = await context.new_page()
    answer = await page.goto("/nowhere")
    assert answer is not None
    assert answer.status == 404
    await has_no_violations(page, axe)
    await context.close()


async def test_the_keyboard_reaches_the_content_first(browser: Browser, shop: Shop) -> None:
    async with visit(browser, shop, 1280, "light") as page:
        await page.goto("/categories/women")
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.locator("main")).to_be_focused()


async def test_reading_goes_on_where_the_appended_page_begins(browser: Browser, shop: Shop) -> None:
    async with visit(browser, shop, 390, "light") as page:
        await page.goto("/categories/women")
        await page.get_by_role("link", name="Show more").click()
        await expect(page.get_by_role("heading", name="More items")).to_be_focused()
        await page.keyboard.press("Tab")
        await expect(page.locator(".card-item").nth(24).get_by_role("link")).to_be_focused()


async def test_a_server_that_refuses_is_heard(browser: Browser, shop: Shop) -> None:
    """What htmx cannot show is asked for the plain way."""
    context = await browser.new_context(base_url=shop.url)
    page = await context.new_page()
    await page.goto("/categories/women")
    await page.get_by_label("Lowest price").fill("cheap")
    await page.get_by_role("button", name="Show results").click()
    await expect(page.get_by_text("Please write the price in figures")).to_be_visible()
    await context.close()
