"""A visitor of the shop, without a browser."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.guarded import requests_are_watched
from threadly.app import create
from threadly.wiring import Services

__all__ = ["requests_are_watched"]  # a fixture lives where it is imported


@pytest.fixture
async def visitor(installed: Services) -> AsyncIterator[httpx.AsyncClient]:
    """Asks the whole application, in this process."""
    transport = httpx.ASGITransport(create(installed), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        yield client


async def signed_up(visitor: httpx.AsyncClient, username: str = "mila") -> None:
    """Makes a member of a visitor, who keeps the cookie, and says as a browser does that our pages send it."""
    visitor.headers["sec-fetch-site"] = "same-origin"
    form = {"username": username, "email": f"{username}@shop.example", "password": "seven wool coats"}
    answer = await visitor.post("/sign-up", data=form)
    assert answer.status_code == 303, answer.text
