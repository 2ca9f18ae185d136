"""A real browser, and a shop for it to visit."""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.async_api import Browser, async_playwright, expect
from playwright.async_api import Error as PlaywrightError

from tests.browser.shop import Shop, served, stock
from tests.browser.visits import PATIENCE_MS
from tests.conftest import database_settings, serving
from tests.engines import EngineUrls
from tests.processes import needed
from threadly.core.database import Database
from threadly.embedded import create_database, drop_database

ROOT = Path(__file__).parents[2]
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium, found by launching it: a file that is there may still lack what it needs."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    try:
        playwright = await async_playwright().start()
    except Exception as missing:  # noqa: BLE001 - its driver ends in whatever way it lacks something
        pytest.skip(needed("Playwright's driver", f"apt-get install libatomic1 ({missing})"))
    try:
        launched = await playwright.chromium.launch(executable_path=program, args=QUIET)
    except PlaywrightError as refusal:
        await playwright.stop()
        pytest.skip(needed("Chromium", f"apt-get install chromium ({str(refusal).splitlines()[0]})"))
    expect.set_options(timeout=PATIENCE_MS)
    yield launched
    await launched.close()
    await playwright.stop()


@pytest.fixture(scope="session")
async def shop(
    browser: Browser, engine_urls: EngineUrls, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Shop]:
    """The shop, open for the session. Without a browser it stays closed."""
    assert browser.is_connected()
    name = f"browsed_{uuid4().hex}"
    database_url = await create_database(engine_urls.database_url, name, template=migrated_template)
    media = tmp_path_factory.mktemp("media")
    db = Database(database_settings(database_url))
    newest, sold = await stock(db, media)
    await db.close()
    environment = {
        "THREADLY_PROFILE": "test",
        "THREADLY_LIMITS__WIDENED": "1000000",
        "THREADLY_DATABASE__URL": serving(engine_urls, database_url),
        "THREADLY_CACHE__URL": engine_urls.cache_url,
        "THREADLY_MEDIA__FOLDER": str(media),
        "THREADLY_SECURITY__SECRET": "0123456789abcdef" * 2,
    }
    async with served(environment) as url:
        yield Shop(url=url, for_sale=f"/listings/{newest}", sold=f"/listings/{sold}", database_url=database_url)
    await drop_database(engine_urls.database_url, name)


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, which finds what keeps people out of a page."""
    source = ROOT / "node_modules/axe-core/axe.min.js"
    if not source.is_file():
        pytest.skip(needed("axe-core", "npm install --no-save"))
    return source.read_text()
