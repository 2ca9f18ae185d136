"""A shop of lamps."""

from collections.abc import AsyncIterator

import pytest

from tests.core.database.looking.lamps import a_shop
from threadly.core.database import Database


@pytest.fixture
async def shop(empty_database_url: str) -> AsyncIterator[Database]:
    """With makers and lamps."""
    async with a_shop(empty_database_url) as db:
        yield db
