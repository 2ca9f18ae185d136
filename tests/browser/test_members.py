"""Signing up, out and in, and one's own account, as people do it: with JavaScript and without."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser.members import PASSWORD, sign_up
from tests.browser.shop import Shop
from tests.browser.visits import (
    Scheme,
    at_a_desk,
    day_and_night,
    does_not_scroll_sideways,
    either_way,
    everywhere,
    has_no_violations,
    visit,
)


@everywhere
@either_way
async def test_the_walk_of_a_member(browser: Browser, shop: Shop, width: int, script: bool) -> None:
    async with visit(browser, shop, width, "light", script=script) as page:
        username = await sign_up(page)

        await page.get_by_role("button", name="Your account").click()
        await page.get_by_role("link", name="Account", exact=True).click()
        await page.get_by_label("Name", exact=True).fill("Мила И.")
        await page.get_by_label("About you").fill("Wool.\nAnd linen.")
        await page.get_by_role("button", name="Save profile").click()
        await expect(page.locator(".notice")).to_have_text("Your profile is saved.")
        await expect(page.get_by_label("About you")).to_have_value("Wool.\nAnd linen.")

        await page.get_by_role("button", name="Your account").click()
        await expect(page.locator("#account-menu")).to_contain_text("Мила И.")
        await page.locator("#account-menu").get_by_role("button", name="Sign out").click()
        await expect(page.get_by_role("link", name="Sign in")).to_be_visible()

        await page.goto("/account")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Sign in or sign up")
        await page.get_by_label("Username or e-mail address").fill(username.upper())
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Sign in").click()
        await expect(page.get_by_label("Name", exact=True)).to_have_value("Мила И.")

        await page.goto("/sign-in?next=/categories/men")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Men")


@either_way
async def test_a_refused_form_says_where_and_keeps_what_was_written(browser: Browser, shop: Shop, script: bool) -> None:
    context = await browser.new_context(base_url=shop.url, java_script_enabled=script, reduced_motion="reduce")
    page = await context.new_page()
    await page.goto("/sign-up")
    await page.get_by_label("Username").fill("ad-min")
    await page.get_by_label("E-mail address").fill("mila@shop")
    await page.get_by_label("Password").fill("password")
    await page.get_by_role("button", name="Sign up").click()
    await expect(page.get_by_role("alert")).to_contain_text("Username: This name is kept for the shop.")
    if script:
        await expect(page.get_by_role("alert")).to_be_focused()
    await expect(page.get_by_label("Username")).to_have_value("ad-min")
    await expect(page.get_by_label("Username")).to_have_accessible_description(
        "This name is kept for the shop. Please choose another. "
        "3 to 20 letters, figures, - or _. Everybody sees it, and it stays."
    )
    await expect(page.get_by_label("Password")).to_have_value("")
    await page.get_by_role("link", name="Too many people use this one.").click()
    await expect(page.get_by_label("Password")).to_be_focused()
    await context.close()


@at_a_desk
@day_and_night
async def test_the_pages_of_members_keep_nobody_out(
    browser: Browser, shop: Shop, axe: str, width: int, scheme: Scheme
) -> None:
    context = await browser.new_context(
        base_url=shop.url, viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = await context.new_page()
    for path in ("/sign-up", "/sign-in"):
        await page.goto(path)
        await does_not_scroll_sideways(page)
        await has_no_violations(page, axe)
    await page.get_by_label("Username or e-mail address").fill("nobody")
    await page.get_by_label("Password").fill("nothing much")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    await has_no_violations(page, axe)

    await sign_up(page)
    await page.goto("/account?done=profile")
    await does_not_scroll_sideways(page)
    await has_no_violations(page, axe)
    await page.get_by_label("Current password").fill("another one")
    await page.get_by_label("New password").fill("eight wool coats")
    await page.get_by_role("button", name="Change password").click()
    await expect(page.get_by_role("alert")).to_contain_text("Current password: This is not your current password.")
    await has_no_violations(page, axe)
    await page.get_by_role("button", name="Your account").click()
    await has_no_violations(page, axe)
    await context.close()


@pytest.mark.parametrize("path", ["/", "/sign-up", "/sign-in"])
async def test_the_smallest_telephone_shows_the_whole_header(browser: Browser, shop: Shop, path: str) -> None:
    context = await browser.new_context(base_url=shop.url, viewport={"width": 320, "height": 600})
    page = await context.new_page()
    await page.goto(path)
    await does_not_scroll_sideways(page)
    await expect(page.get_by_role("banner").get_by_role("link", name="Sign in")).to_be_in_viewport(ratio=1)
    await context.close()
