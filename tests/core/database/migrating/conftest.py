"""A database for migrations of a test's own."""

from collections.abc import AsyncIterator

import pytest

from tests.conftest import database_settings
from threadly.core.database import Database


@pytest.fixture
async def bare(empty_database_url: str) -> AsyncIterator[Database]:
    """A database without any table."""
    made = Database(database_settings(empty_database_url))
    yield made
    await made.close()
