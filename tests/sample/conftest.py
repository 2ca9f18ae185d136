"""A seeded shop that many tests only look at."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from tests.conftest import database_settings
from tests.engines import EngineUrls
from tests.sample.making import a_shop, filled
from threadly.core.database import Database
from threadly.embedded import create_database, drop_database


@pytest.fixture
def db(owner: Database) -> Database:
    """A migrated, empty database, for the role that migrates: who only serves may not empty tables and fill them."""
    return owner


@pytest.fixture(scope="session")
async def shop_of_2000(engine_urls: EngineUrls, migrated_template: str) -> AsyncIterator[Database]:
    """2,000 listings, whose pictures have no files. To be read only."""
    name = f"sample_{uuid4().hex}"
    db = Database(database_settings(await create_database(engine_urls.database_url, name, template=migrated_template)))
    await filled(db, a_shop(2000))
    yield db
    await db.close()
    await drop_database(engine_urls.database_url, name)
