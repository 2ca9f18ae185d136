"""A visitor of the shop, without a browser."""

from collections.abc import AsyncIterator

import httpx
import pytest

from threadly.app import create
from threadly.wiring import Services


@pytest.fixture
async def visitor(installed: Services) -> AsyncIterator[httpx.AsyncClient]:
    """Asks the whole application, in this process."""
    transport = httpx.ASGITransport(create(installed), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        yield client
