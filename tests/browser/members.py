"""Somebody who signs up in a browser."""

from itertools import count

from playwright.async_api import Page, expect

from tests.browser.visits import settled

PASSWORD = "seven wool coats"
NUMBERS = count(1)


async def sign_up(page: Page) -> str:
    """Somebody new; their username."""
    username = f"mila-{next(NUMBERS)}"
    await page.goto("/sign-up?next=/categories/women")
    await page.get_by_label("Username").fill(username)
    await page.get_by_label("E-mail address").fill("mila@shop.example")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign up").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Women")
    await settled(page)
    return username
