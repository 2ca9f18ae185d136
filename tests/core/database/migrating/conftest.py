"""A database for migrations of a test's own, and one that a replica follows."""

from collections.abc import AsyncIterator

import pytest

from tests.conftest import database_settings
from tests.core.database.replicas.lamps import pair
from threadly.core.database import Database

__all__ = ["pair"]  # a fixture lives where it is imported


@pytest.fixture
async def bare(empty_database_url: str) -> AsyncIterator[Database]:
    """A database without any table."""
    made = Database(database_settings(empty_database_url))
    yield made
    await made.close()
