"""A visit hears what fails, and not what a browser gives up because a page is left."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Browser, Page, Route

from tests.browser.shop import Shop
from tests.browser.visits import visit

PICTURES = "**/media/**"


async def visited(browser: Browser, shop: Shop, go: Callable[[Page], Awaitable[None]]) -> None:
    """A whole visit."""
    async with visit(browser, shop, 1280, "light") as page:
        await go(page)


async def left_waiting(page: Page, pattern: str, ask: Callable[[], Awaitable[object]]) -> str | None:
    """How the browser gives up what is asked for and never comes, once the page is left."""
    asked_for = asyncio.Event()

    async def never(_route: Route) -> None:
        asked_for.set()

    await page.route(pattern, never)
    await ask()
    await asked_for.wait()
    async with page.expect_event("requestfailed") as given_up:
        await page.goto("/sign-in")
    return (await given_up.value).failure


async def test_pictures_of_a_page_that_is_left_are_not_missed(browser: Browser, shop: Shop) -> None:
    async def go(page: Page) -> None:
        listing = f"{shop.url}{shop.for_sale}"
        failure = await left_waiting(page, PICTURES, lambda: page.goto(listing, wait_until="commit"))
        assert failure == "net::ERR_ABORTED"

    await visited(browser, shop, go)


async def test_a_page_that_never_came_is_complained_of(browser: Browser, shop: Shop) -> None:
    async def go(page: Page) -> None:
        await page.goto("/sign-up")
        await left_waiting(page, "**/never", lambda: page.evaluate("location.href = '/never'"))

    with pytest.raises(AssertionError, match="/never: net::ERR_ABORTED"):
        await visited(browser, shop, go)


@pytest.mark.parametrize("reason", ["connectionrefused", "connectionreset", "timedout", "blockedbyclient"])
async def test_pictures_that_fail_are_complained_of(browser: Browser, shop: Shop, reason: str) -> None:
    async def go(page: Page) -> None:
        await page.route(PICTURES, lambda route: route.abort(reason))
        async with page.expect_event("requestfailed"):
            await page.goto(shop.for_sale)

    with pytest.raises(AssertionError, match=r"/media/.*: net::ERR_"):
        await visited(browser, shop, go)


@pytest.mark.parametrize("status", [404, 500])
async def test_pictures_that_are_refused_are_complained_of(browser: Browser, shop: Shop, status: int) -> None:
    async def go(page: Page) -> None:
        await page.route(PICTURES, lambda route: route.fulfill(status=status))
        async with page.expect_console_message():
            await page.goto(shop.for_sale)

    with pytest.raises(AssertionError, match=f"status of {status}"):
        await visited(browser, shop, go)


async def test_what_the_policy_blocks_is_complained_of(browser: Browser, shop: Shop) -> None:
    async def go(page: Page) -> None:
        await page.goto("/sign-in")
        async with page.expect_console_message(lambda message: message.text.startswith("CSP")):
            await page.evaluate("new Image().src = 'https://pictures.example/a.png'")

    with pytest.raises(AssertionError, match="CSP: img-src"):
        await visited(browser, shop, go)
