"""What tests stand on: one real PostgreSQL and Valkey a session, a database of one's own a test."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, MutableMapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import hypothesis
import pytest
from structlog.testing import capture_logs

from tests.engines import EngineUrls, engine_urls
from tests.statements import sent_to
from threadly.core.auth import AuthSettings
from threadly.core.config import Secret
from threadly.core.database import Database, DatabaseSettings, roles
from threadly.core.database.migrate import upgrade
from threadly.embedded import DatabaseExists, create_database, drop_database, with_database
from threadly.migrations import MIGRATIONS
from threadly.settings import CacheSettings, LimitsSettings, MediaSettings, SecuritySettings, ServerSettings, Settings
from threadly.tables import APPEND_ONLY
from threadly.wiring import Services, services

__all__ = ["engine_urls"]  # a fixture lives where it is imported

hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")  # an example promises no speed; whoever does promise it, measures it

QUICK = AuthSettings(hash_memory_kib=8 * 1024, hash_passes=1)
"""Passwords that are hashed faster than is safe."""

HOSTS = ("shop", "shop.test")
"""By which tests ask the application."""

UNLIMITED = LimitsSettings(widened=1_000_000)
"""All tests ask from one address, and share a Valkey."""

CountStatements: TypeAlias = Callable[[Database, Awaitable[object]], Awaitable[int]]


def database_settings(url: str) -> DatabaseSettings:
    """Few connections, and a generous time for statements: a shared machine is slow now and then. That is no news."""
    longest = timedelta(seconds=30)
    return DatabaseSettings(url=Secret(url), pool_size=5, statement_timeout=longest, slow_after=timedelta(0))


Lines: TypeAlias = list[MutableMapping[str, Any]]
"""What was logged: of each line its `event`, its fields, and its level as `log_level`."""


@pytest.fixture
def lines() -> Iterator[Lines]:
    """What is logged while the test runs."""
    with capture_logs() as logged:
        yield logged


@pytest.fixture(scope="session")
async def migrated_template(engine_urls: EngineUrls) -> str:
    """The name of a database at the newest revision, from which each test's own is cloned.

    Its name follows from the revisions, and it is renamed to that only when it is whole, so parallel workers agree.
    """
    revisions = sorted((MIGRATIONS.folder / "versions").glob("*.py"))
    digest = hashlib.blake2b(b"".join(path.read_bytes() for path in revisions), digest_size=6).hexdigest()
    name = f"template_{digest}"
    await _make_template(engine_urls.database_url, name, serving=role_of(engine_urls.serving_url))
    return name


def role_of(url: str) -> str:
    """The role that an address names."""
    return urlsplit(url).username or ""


def serving(engine_urls: EngineUrls, url: str) -> str:
    """The same database, for the role that serves."""
    return with_database(engine_urls.serving_url, urlsplit(url).path[1:])


async def _make_template(url: str, name: str, *, serving: str) -> None:
    draft = f"draft_{uuid4().hex}"
    db = Database(database_settings(await create_database(url, draft)))
    await upgrade(db, MIGRATIONS)
    await roles.let_serve(db, serving, append_only=APPEND_ONLY)
    await db.close()
    try:
        await create_database(url, name, template=draft)
    except DatabaseExists:
        pass  # another worker was first
    finally:
        await drop_database(url, draft)


@asynccontextmanager
async def cloned(server: str, template: str) -> AsyncIterator[str]:
    """A database of one's own, until the block ends."""
    name = f"test_{uuid4().hex}"
    url = await create_database(server, name, template=template)
    try:
        await _let_go_of_temporary_tables(url, name)
        yield url
    finally:
        await drop_database(server, name)


async def _let_go_of_temporary_tables(url: str, name: str) -> None:
    """As `let_serve` does in each database: what a template's own rights say is not cloned."""
    connection = await asyncpg.connect(url)
    await connection.execute(f'REVOKE TEMPORARY ON DATABASE "{name}" FROM PUBLIC')
    await connection.close()


@pytest.fixture
async def owner_url(engine_urls: EngineUrls, migrated_template: str) -> AsyncIterator[str]:
    """A migrated, empty database of this test's own, for the role that migrates."""
    async with cloned(engine_urls.database_url, migrated_template) as url:
        yield url


@pytest.fixture
def database_url(engine_urls: EngineUrls, owner_url: str) -> str:
    """The same for the role that serves."""
    return serving(engine_urls, owner_url)


@pytest.fixture
async def owner(owner_url: str) -> AsyncIterator[Database]:
    """The same database as `db`, for the role that migrates."""
    database = Database(database_settings(owner_url))
    yield database
    await database.close()


@pytest.fixture
async def empty_database_url(engine_urls: EngineUrls) -> AsyncIterator[str]:
    """A database of this test's own, without any table."""
    async with cloned(engine_urls.database_url, "template1") as url:
        yield url


@pytest.fixture
async def bare(empty_database_url: str) -> AsyncIterator[Database]:
    """A database without any table."""
    made = Database(database_settings(empty_database_url))
    yield made
    await made.close()


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    """A migrated, empty database of this test's own."""
    database = Database(database_settings(database_url))
    yield database
    await database.close()


@pytest.fixture
def settings(database_url: str, engine_urls: EngineUrls, tmp_path: Path) -> Settings:
    """An installation of this test's own; only Valkey is shared."""
    return Settings(
        database=database_settings(database_url),
        cache=CacheSettings(url=Secret(engine_urls.cache_url)),
        media=MediaSettings(folder=tmp_path / "media"),
        security=SecuritySettings(secret=Secret("0123456789abcdef" * 2)),
        auth=QUICK,
        limits=UNLIMITED,
        server=ServerSettings(deadline=timedelta(seconds=60), hosts=HOSTS),  # as for statements
    )


@pytest.fixture
async def installed(settings: Settings) -> AsyncIterator[Services]:
    """Everything that faces and jobs work with, on this test's own database."""
    async with services(settings) as built:
        yield built


@pytest.fixture
def count_statements() -> CountStatements:
    """Counts the statements that a database is sent while something runs: `await count_statements(db, doing())`."""

    async def count(database: Database, doing: Awaitable[object]) -> int:
        with sent_to(database) as sent:
            await doing
        return len(sent)

    return count
