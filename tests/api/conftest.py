"""The application on a database of the test's own, asked without a network; and served by granian."""

import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from tests.conftest import HOSTS, QUICK, UNLIMITED, database_settings, serving
from tests.engines import EngineUrls
from tests.guarded import requests_are_watched
from tests.marketplace.media.elsewhere import secret_of
from tests.processes import answering
from threadly.app import create
from threadly.core.config import Secret
from threadly.embedded import create_database, drop_database
from threadly.settings import CacheSettings, MediaSettings, SecuritySettings, ServerSettings, Settings
from threadly.wiring import Services, services

__all__ = ["requests_are_watched"]  # a fixture lives where it is imported


@pytest.fixture
async def client(installed: Services) -> AsyncIterator[httpx.AsyncClient]:
    """Asks the application."""
    transport = httpx.ASGITransport(create(installed))
    async with httpx.AsyncClient(transport=transport, base_url="http://shop") as asking:
        yield asking


@pytest.fixture(scope="session")
async def window_settings(engine_urls: EngineUrls, migrated_template: str) -> AsyncIterator[Settings]:
    """An installation whose shop is empty: one for all tests that only look at what is refused."""
    name = f"window_{uuid4().hex}"
    url = await create_database(engine_urls.database_url, name, template=migrated_template)
    try:
        yield Settings(
            database=database_settings(serving(engine_urls, url)),
            cache=CacheSettings(url=Secret(engine_urls.cache_url)),
            media=MediaSettings(folder=Path("/nonexistent")),
            security=SecuritySettings(secret=Secret("0123456789abcdef" * 2)),
            auth=QUICK,
            server=ServerSettings(hosts=HOSTS),
            limits=UNLIMITED,
        )
    finally:
        await drop_database(engine_urls.database_url, name)


@pytest.fixture(scope="session")
async def window(window_settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """Asks the application whose shop is empty."""
    async with (
        services(window_settings) as built,
        httpx.AsyncClient(transport=httpx.ASGITransport(create(built)), base_url="http://shop") as asking,
    ):
        yield asking


@pytest.fixture
def server(settings: Settings) -> Iterator[str]:
    """The address of the application, served by granian on this test's own database."""
    with served(settings) as address:
        yield address


@pytest.fixture(scope="module")
def served_window(window_settings: Settings) -> Iterator[str]:
    """The address of the application with the empty shop, served by granian."""
    with served(window_settings) as address:
        yield address


@contextmanager
def served(settings: Settings) -> Iterator[str]:
    """The application, served by granian, while the block lasts."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environment = {
        "THREADLY_PROFILE": "test",
        "THREADLY_LIMITS__WIDENED": "1000000",
        "THREADLY_DATABASE__URL": settings.database.url.get_secret_value(),
        "THREADLY_CACHE__URL": settings.cache.url.get_secret_value(),
        "THREADLY_MEDIA__FOLDER": str(settings.media.folder),
        "THREADLY_SECURITY__SECRET": secret_of(settings),
        "THREADLY_AUTH__HASH_MEMORY_KIB": str(settings.auth.hash_memory_kib),
        "THREADLY_AUTH__HASH_PASSES": str(settings.auth.hash_passes),
    }
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--loop", "uvloop", "--no-ws"]
    process = subprocess.Popen(
        [*command, "--log-level", "error", "--port", str(port), "--factory", "threadly.app:app"],
        env={name: value for name, value in os.environ.items() if not name.startswith("THREADLY_")} | environment,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        answering(f"{address}/livez", within=120)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=60)
