"""The house of lamps."""

from collections.abc import AsyncIterator

import pytest

from tests.core.database.softdelete.lamps import furnished
from threadly.core.database import Database


@pytest.fixture
async def house(empty_database_url: str) -> AsyncIterator[Database]:
    """The house, in a database of this test's own."""
    async with furnished(empty_database_url) as db:
        yield db
