"""All that the marketplace looks up keeps to its statements, and reads no large table row after row."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from benchmarks.reads import LOOKS, Look, Shop, judge, look, stocked
from tests.conftest import cloned, database_settings
from tests.engines import EngineUrls
from threadly.core.database import Database

LISTINGS = 15_000


@pytest.fixture(scope="module")
async def bustling_url(engine_urls: EngineUrls, migrated_template: str) -> AsyncIterator[str]:
    """A shop with some of everything, for all tests here, which only look."""
    async with cloned(engine_urls.database_url, migrated_template) as url:
        db = Database(database_settings(url))
        await stocked(db, url, LISTINGS)
        await db.close()
        yield url


@pytest.fixture
def database_url(bustling_url: str) -> str:
    """The bustling one, for all that a test here opens."""
    return bustling_url


@pytest.fixture
async def bustling(database_url: str) -> Any:  # noqa: ANN401 - asyncpg is untyped
    """A raw connection to it."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


@pytest.mark.parametrize("one", LOOKS, ids=lambda one: one.name)
async def test_what_is_looked_up_has_its_statements_and_its_indexes(
    bustling: asyncpg.Connection, db: Database, one: Look
) -> None:
    """Its indexes by the plan for these values, and by the plan for any."""
    seen = await look(await Shop.of(db, bustling), one, times=1)
    await judge(seen, bustling)

    assert (seen.statements, seen.scans) == (one.statements, [])
