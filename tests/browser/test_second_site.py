"""A second site from a folder alone: its name, look, money, language, categories and pages, in a real browser."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.async_api import Browser, expect

from tests.browser.shop import Shop, served
from tests.browser.visits import (
    Scheme,
    does_not_scroll_sideways,
    has_no_violations,
    in_two_ways,
    visit,
)
from tests.conftest import database_settings, serving
from tests.engines import EngineUrls
from tests.making import a_listing
from threadly.core.database import Database
from threadly.embedded import create_database, drop_database
from threadly.marketplace import catalog
from threadly.site_folder import own

FOLDER = Path(__file__).parents[2] / "examples/sites/kleine-runde"
PAPER = {"light": "rgb(255, 253, 247)", "dark": "rgb(18, 32, 31)"}
_SPACE = "\N{NO-BREAK SPACE}"


@pytest.fixture(scope="module")
async def club(
    browser: Browser, engine_urls: EngineUrls, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Shop]:
    """The example, on a database of its own. Nothing but its folder says what it is, except where it stands today."""
    assert browser.is_connected()
    name = f"club_{uuid4().hex}"
    database_url = await create_database(engine_urls.database_url, name, template=migrated_template)
    db = Database(database_settings(database_url))
    await db.run(catalog.install, own(FOLDER).reference)
    listing = await a_listing(
        db, category="kinder/schuhe/gummistiefel", title="Gelbe Gummistiefel", currency="CHF", pictures=0
    )
    await db.close()
    environment = {
        "THREADLY_PROFILE": "test",
        "THREADLY_LIMITS__WIDENED": "1000000",
        "THREADLY_DATABASE__URL": serving(engine_urls, database_url),
        "THREADLY_CACHE__URL": engine_urls.cache_url,
        "THREADLY_MEDIA__FOLDER": str(tmp_path_factory.mktemp("club")),
        "THREADLY_SECURITY__SECRET": "0123456789abcdef" * 2,
        "THREADLY_SITE__FOLDER": str(FOLDER),
        "THREADLY_SITE__URL": "http://127.0.0.1:8000",
    }
    async with served(environment) as url:
        yield Shop(url=url, for_sale=f"/listings/{listing.id}", sold="", database_url=database_url)
    await drop_database(engine_urls.database_url, name)


@in_two_ways
async def test_the_club_is_another_shop(browser: Browser, club: Shop, axe: str, width: int, scheme: Scheme) -> None:
    async with visit(browser, club, width, scheme) as page:
        await page.goto("/")
        await expect(page).to_have_title("Kleine Runde: Kinderkleider, die weiterwachsen.")
        await expect(page.locator("html")).to_have_attribute("lang", "de")
        await expect(page.locator("h1")).to_have_text("Rausgewachsen?Weiterwachsen!")
        logo = page.locator(".brand img")
        assert await logo.evaluate("image => image.complete && image.naturalWidth > 0")
        assert await page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == PAPER[scheme]
        await expect(page.locator(".price").first).to_have_text(f"CHF{_SPACE}24.50")
        departments = page.locator(".department-tiles h3, [aria-labelledby=departments] h3")
        await expect(departments).to_have_text(["Baby", "Kinder", "Schule & Znüni"])
        await has_no_violations(page, axe)
        await does_not_scroll_sideways(page)

        await page.get_by_role("link", name="Gelbe Gummistiefel").first.click()
        await expect(page.locator("h1")).to_have_text("Gelbe Gummistiefel")
        await has_no_violations(page, axe)

        await page.get_by_role("contentinfo").get_by_role("link", name="Spielregeln").click()
        await expect(page.locator("h1")).to_have_text("Spielregeln")
        await has_no_violations(page, axe)
        await does_not_scroll_sideways(page)

        await page.get_by_role("contentinfo").get_by_role("link", name="English").click()
        await expect(page).to_have_url(f"{club.url}/en/about/terms")
        await expect(page.locator("h1")).to_have_text("Rules of the round")


async def test_categories_of_ones_own_are_said_in_each_language(browser: Browser, club: Shop) -> None:
    async with visit(browser, club, 1280, "light") as page:
        await page.goto("/en/categories/kinder/schuhe/gummistiefel")
        await expect(page.locator("h1")).to_have_text("Wellies")
        await expect(page.locator(".price").first).to_have_text(f"CHF{_SPACE}24.50")
