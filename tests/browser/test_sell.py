"""Selling, as people do it: two photos, on top of its category, a new price, away and back."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, Route, expect

from tests.browser.shop import Shop
from tests.browser.visits import (
    Scheme,
    does_not_scroll_sideways,
    either_way,
    everywhere,
    has_no_violations,
    settled,
    visit,
)
from tests.photographs import a_jpeg

PASSWORD = "seven wool coats"


async def sign_up(page: Page, username: str) -> None:
    """A new member."""
    await page.goto("/sign-up")
    await page.get_by_label("Username").fill(username)
    await page.get_by_label("E-mail").fill(f"{username}@shop.example")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.locator("main form button[type=submit]").click()
    await page.wait_for_url(lambda url: "sign-up" not in url)


async def begin(page: Page) -> None:
    """A new draft, with its script at work."""
    await page.goto("/sell")
    await page.get_by_role("button", name="Begin").click()
    await page.wait_for_url("**/sell/*")


async def write(page: Page, title: str) -> None:
    """All that a listing needs, but its photos."""
    await page.get_by_label("Title").fill(title)
    await page.get_by_label("Description").fill("Worn twice.\nFrom a home without smoke.")
    await page.get_by_label("Category").select_option("men/outerwear/denim-jackets")
    await page.get_by_label("Brand").fill("Arket")
    await page.get_by_label("Very good").check()
    await page.get_by_label("Price in").fill("24.50")


async def looks_well(page: Page, axe: str | None) -> None:
    await does_not_scroll_sideways(page)
    if axe is not None:
        await has_no_violations(page, axe)


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    """Two photos on the telephone."""
    files = [tmp_path / "front.jpg", tmp_path / "back.jpg"]
    for number, file in enumerate(files):
        file.write_bytes(a_jpeg(600 + number, 800))
    return files


@everywhere
@either_way
async def test_from_two_photos_to_a_new_price_and_away_and_back(
    browser: Browser, shop: Shop, axe: str, photos: list[Path], width: int, script: bool
) -> None:
    scheme: Scheme = "light" if script else "dark"
    seen = axe if script and width > 1000 else None  # axe is a script; on a telephone, `test_every_page` asks it
    title = f"Linen dress {width} {'with' if script else 'without'}"
    async with visit(browser, shop, width, scheme, script=script) as page:
        await sign_up(page, f"seller{width}{script}".lower())
        await page.goto("/sell")
        await looks_well(page, seen)
        await begin(page)
        await expect(page.get_by_role("heading", level=1)).to_have_text("Sell something")
        await looks_well(page, seen)

        await page.set_input_files("#photos", photos)
        if script:
            await expect(page.locator("[data-photo]")).to_have_count(2)
            await write(page, title)
            await expect(page.get_by_text("Kept", exact=True)).to_be_visible()
        else:
            await write(page, title)
            await page.get_by_role("button", name="Upload").click()
            await expect(page.locator("[data-photo]")).to_have_count(2)
        first = await page.locator("[data-photo]").first.get_attribute("data-photo")
        await page.get_by_role("button", name="Move photo 2 earlier").click()
        await expect(page.locator("[data-photo]").nth(1)).to_have_attribute("data-photo", first or "")
        await expect(page.get_by_label("Title")).to_have_value(title)
        await looks_well(page, seen)

        await page.get_by_role("button", name="Preview").click()
        await expect(page.get_by_text("This is how buyers will see it.")).to_be_visible()
        await looks_well(page, seen)
        await page.get_by_role("link", name="Back to editing").click()
        await page.get_by_role("button", name="Publish").click()
        await expect(page.get_by_text("It is online.")).to_be_visible()
        await expect(page.get_by_role("heading", level=1)).to_have_text(title)
        await looks_well(page, seen)

        await page.goto("/categories/men/outerwear/denim-jackets")
        await expect(page.locator(".card-item h3").first).to_have_text(title)
        await page.goto(f"/search?q=linnen+dres+{width}")
        await expect(page.locator(".card-item h3", has_text=title).first).to_be_visible()

        await page.goto("/my/listings")
        await looks_well(page, seen)
        await page.get_by_role("link", name=f"Edit {title}").click()
        await page.get_by_label("Price in").fill("19,90")
        await page.get_by_role("button", name="Save changes").click()
        await expect(page.get_by_text("Everybody sees it like this now.")).to_be_visible()

        await page.goto("/my/listings")
        await expect(page.get_by_text("€19.90")).to_be_visible()
        await page.get_by_role("button", name=f"Remove {title}").click()
        await expect(page.get_by_role("button", name=f"Restore {title}")).to_be_visible()
        await looks_well(page, seen)
        await page.get_by_role("button", name=f"Restore {title}").click()
        await expect(page.get_by_role("link", name=f"Edit {title}")).to_be_visible()
        await page.goto("/categories/men/outerwear/denim-jackets")
        await expect(page.locator(".card-item h3").first).to_have_text(title)


async def test_photos_that_a_minute_has_no_room_for_wait_and_then_go(
    browser: Browser, shop: Shop, photos: list[Path]
) -> None:
    refusals = ["1", "1"]

    async def over_the_limit(route: Route) -> None:
        if not refusals:
            await route.continue_()
            return
        headers = {"retry-after": refusals.pop(0), "content-type": "text/html; charset=utf-8"}
        await route.fulfill(status=429, headers=headers, body="<p>That was a lot in a short time.")

    async with visit(browser, shop, 390, "light", but="429 (Too Many Requests)") as page:
        await sign_up(page, "many_photos")
        await begin(page)
        await page.route("**/photos", over_the_limit)
        await page.set_input_files("#photos", photos)
        await expect(page.get_by_text("A moment, then it goes on: front.jpg")).to_be_visible()
        await expect(page.locator("[data-photo]")).to_have_count(2)
        assert refusals == []

        refusals.append("no number")
        await page.set_input_files("#photos", photos[:1])
        await expect(page.get_by_text("Could not be sent: front.jpg")).to_be_visible()
        await expect(page.locator("[data-photo]")).to_have_count(2)


async def test_sizes_follow_the_category(browser: Browser, shop: Shop) -> None:
    async with visit(browser, shop, 390, "light") as page:
        await sign_up(page, "sizes")
        await begin(page)
        await page.get_by_label("Category").select_option("women/shoes/boots")
        await expect(page.locator("#size_id optgroup")).to_have_count(1)
        await page.get_by_label("Size").select_option("38")
        await page.get_by_label("Category").select_option("women/clothing/dresses")
        await expect(page.locator("#size_id")).to_have_value("")


async def test_what_was_missing_is_said_no_longer_once_it_is_there(
    browser: Browser, shop: Shop, photos: list[Path]
) -> None:
    context = await browser.new_context(base_url=shop.url, reduced_motion="reduce")
    page = await context.new_page()
    await sign_up(page, "forgetful")
    await begin(page)
    await page.get_by_role("button", name="Publish").click()
    said = page.locator("[data-mistakes] a[href='#pictures']")
    await expect(said).to_have_count(1)
    await settled(page)
    await page.set_input_files("#photos", photos)
    await expect(said).to_have_count(0)
    await expect(page.locator("[data-mistakes] a[href='#title']")).to_have_count(1)
    await context.close()


async def test_a_photo_is_dragged_to_its_place(browser: Browser, shop: Shop, photos: list[Path]) -> None:
    async with visit(browser, shop, 1280, "light") as page:
        await sign_up(page, "dragger")
        await begin(page)
        await page.set_input_files("#photos", photos)
        shown = page.locator("[data-photo]")
        await expect(shown).to_have_count(2)
        first = await shown.first.get_attribute("data-photo") or ""
        await shown.first.locator(".photo-frame").hover()
        await page.mouse.down()
        target = await shown.nth(1).locator(".photo-frame").bounding_box()
        assert target is not None
        await page.mouse.move(target["x"] + target["width"] / 2, target["y"] + 40, steps=5)
        async with page.expect_response("**/photos"):
            await page.mouse.up()
        await expect(shown.nth(1)).to_have_attribute("data-photo", first)
        await page.reload()
        await expect(shown.nth(1)).to_have_attribute("data-photo", first)
