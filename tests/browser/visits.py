"""A visitor's page, on a telephone and a desk, by day and by night, and what every page must hold."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Literal

import pytest
from playwright.async_api import Browser, Page, Request, expect

from tests.browser.shop import Shop

PATIENCE_MS = 60_000
"""For a busy machine; what is there sooner is not waited for."""

SIZES = {390: 844, 1280: 900}
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
WATCH = """
addEventListener("securitypolicyviolation", (event) => console.error("CSP: " + event.violatedDirective));
"""

RULES = """
axe.run(document, {
    resultTypes: ["violations"],
    ...(matchMedia("(prefers-color-scheme: dark)").matches && {runOnly: ["color-contrast", "link-in-text-block"]}),
})
"""
everywhere = pytest.mark.parametrize("width", [390, 1280])
day_and_night = pytest.mark.parametrize("scheme", SCHEMES)
at_a_desk = pytest.mark.parametrize("width", [1280])
"""For pages that `test_every_page` sees on a telephone."""
in_two_ways = pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
"""For walks that do the same by day and by night."""
either_way = pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])


@asynccontextmanager
async def visit(
    browser: Browser, shop: Shop, width: int, scheme: Scheme, *, script: bool = True, but: str | None = None
) -> AsyncIterator[Page]:
    """A visitor's page; nothing may complain while it is open, but for what holds this, which must."""
    context = await browser.new_context(
        base_url=shop.url,
        viewport={"width": width, "height": SIZES[width]},
        color_scheme=scheme,
        java_script_enabled=script,
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE_MS)
    complaints: list[str] = []
    await context.add_init_script(WATCH)
    page = await context.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda failure: complaints.append(str(failure)))
    page.on("requestfailed", lambda request: complaints.extend(complaint(request)))
    try:
        yield page
        if but is not None:
            assert any(but in each for each in complaints)
            complaints = [each for each in complaints if but not in each]
        assert not complaints, "\n".join(complaints)
    finally:
        await context.close()


def complaint(request: Request) -> Iterator[str]:
    """What a failed request means: nothing, if the browser gave it up because its page was left.

    That is true of all that a page loads, and of a page that had begun to arrive; a page that never came was wanted.
    """
    is_wanted = request.is_navigation_request() and request.timing["responseStart"] < 0
    if request.failure != "net::ERR_ABORTED" or is_wanted:
        yield f"{request.url}: {request.failure}"


async def settled(page: Page) -> None:
    """The page has its style, and what htmx asked for has come: until then cards are dimmed."""
    await page.wait_for_load_state()
    await expect(page.locator(".htmx-request")).to_have_count(0)


async def has_no_violations(page: Page, axe: str) -> None:
    """By day all rules are asked, by night those of colours, which is all that it changes."""
    await settled(page)
    if await page.evaluate("typeof axe === 'undefined'"):
        await page.evaluate(axe)
    found = await page.evaluate(RULES)
    told = [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in found["violations"]
        for node in each["nodes"]
    ]
    assert not told, "\n".join(told)


async def does_not_scroll_sideways(page: Page) -> None:
    await settled(page)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
