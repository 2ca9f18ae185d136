"""Is this process alive, and can it serve?"""

from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from tests.core.observability.health.schema import valid
from tests.guarded import requests_are_watched
from threadly.app import create
from threadly.core.config import Secret
from threadly.core.database import Database, Tx
from threadly.core.observability.health import Status
from threadly.ops import unwatched, watching
from threadly.settings import Settings
from threadly.wiring import Services, services

__all__ = ["requests_are_watched"]  # a fixture lives where it is imported


async def ask(built: Services, path: str) -> httpx.Response:
    """One question to an application that was just started."""
    async with watching(built, description="test") as health:
        transport = httpx.ASGITransport(create(built, health))
        async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
            return await client.get(path)


def unreachable(settings: Settings, tmp_path: Path) -> Settings:
    """The same installation with nothing behind its addresses."""
    database = settings.database.model_copy(update={"url": Secret(f"postgresql://u:swordfish@/x?host={tmp_path}")})
    cache = settings.cache.model_copy(update={"url": Secret(f"unix://:swordfish@{tmp_path}/none.sock")})
    return settings.model_copy(update={"database": database, "cache": cache})


async def test_ready_means_that_all_that_is_needed_answers(installed: Services) -> None:
    answer = await ask(installed, "/readyz")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/health+json"
    told = answer.json()["checks"]
    assert (told["database"], told["valkey"]) == ([{"status": "pass"}], [{"status": "pass"}])


async def test_without_valkey_it_serves_and_says_so(settings: Settings, tmp_path: Path) -> None:
    cache = unreachable(settings, tmp_path).cache
    async with services(settings.model_copy(update={"cache": cache})) as built:
        answer = await ask(built, "/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "warn")
    assert answer.json()["checks"]["valkey"] == [{"status": "warn"}]


async def test_without_a_database_it_is_alive_and_not_ready(settings: Settings, tmp_path: Path) -> None:
    async with services(unreachable(settings, tmp_path)) as built:
        alive = await ask(built, "/livez")
        ready = await ask(built, "/readyz")
    assert (alive.status_code, alive.json()) == (200, {"status": "pass"})
    assert ready.status_code == 503
    assert ready.json()["checks"]["database"] == [{"status": "fail"}]


async def test_the_whole_names_what_is_wrong_without_its_secrets(settings: Settings, tmp_path: Path) -> None:
    async with services(unreachable(settings, tmp_path)) as built, watching(built, description="test") as health:
        report = health.report()
    told = valid(report)
    assert told["serviceId"] == "threadly"
    assert told["version"]
    database = told["checks"]["database:responseTime"][0]
    assert database["output"].startswith("It cannot be used: DatabaseUnavailable")
    assert (database["runbook"], database["owner"]) == ("docs/runbooks/database.md", "operations")
    assert "swordfish" not in str(told)
    assert str(tmp_path) not in str(told)


async def test_a_schema_of_an_older_release_is_not_ready(installed: Services, owner: Database) -> None:
    async def age(tx: Tx) -> None:
        await tx.execute(text("UPDATE alembic_version SET version_num = '0001'"))

    await owner.run(age)
    async with watching(installed, description="test") as health:
        report = health.report()
    assert report.status is Status.FAIL
    assert "threadly db upgrade" in str(report.checks["database:migrations"][0].output)


async def test_a_pool_that_requests_have_used_up_is_no_database_that_is_gone(installed: Services) -> None:
    held = [await installed.db.engine.connect() for _ in range(5)]
    async with watching(installed, description="test") as health:
        report = health.report()
    for connection in held:
        await connection.close()
    assert report.checks["database:responseTime"][0].status is Status.PASS
    assert report.checks["database:poolUtilization"][0].status is Status.WARN


def test_where_nobody_watches_nothing_is_claimed() -> None:
    assert unwatched().report().checks == {}


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/health"])
async def test_they_are_no_part_of_the_api_and_details_no_part_of_the_public(installed: Services, path: str) -> None:
    described: Any = (await ask(installed, "/api/v1/openapi.json")).json()
    assert path not in described["paths"]
    assert (await ask(installed, "/health")).status_code == 404
