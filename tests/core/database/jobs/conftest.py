"""A database with the table of effects."""

import pytest

from tests.core.database.jobs import shop
from threadly.core.database import Database


@pytest.fixture(autouse=True)
async def effects_table(owner: Database) -> None:
    await shop.make_effects(owner)
