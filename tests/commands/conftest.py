"""Installations for commands."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.engines import EngineUrls
from tests.making import a_listing
from threadly.core.database import Database


def installation(database_url: str, cache_url: str, folder: Path) -> dict[str, str]:
    """The environment of an installation."""
    return {
        "THREADLY_PROFILE": "test",
        "THREADLY_LIMITS__WIDENED": "1000000",
        "DATABASE_URL": database_url,
        "REDIS_URL": cache_url,
        "THREADLY_MEDIA__FOLDER": str(folder),
        "THREADLY_SECURITY__SECRET": "0123456789abcdef" * 2,
        "THREADLY_OBSERVABILITY__HEALTH__NOT_READY": "PT0S",
    }


@pytest.fixture
def migrated(database_url: str, owner_url: str, engine_urls: EngineUrls, tmp_path: Path) -> Mapping[str, str]:
    """An installation with all its tables, and nothing in them."""
    both = {"THREADLY_DATABASE__OWNER_URL": owner_url}
    return installation(database_url, engine_urls.cache_url, tmp_path) | both


@pytest.fixture
def bare(
    empty_database_url: str, engine_urls: EngineUrls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Mapping[str, str]:
    """An installation without a table, which is that of this process as well."""
    names = installation(empty_database_url, engine_urls.cache_url, tmp_path)
    for name, value in names.items():
        monkeypatch.setenv(name, value)
    return names


@pytest.fixture
async def stocked(db: Database, migrated: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> Database:
    """The installation of this process, with one listing."""
    for name, value in migrated.items():
        monkeypatch.setenv(name, value)
    await a_listing(db)
    return db
