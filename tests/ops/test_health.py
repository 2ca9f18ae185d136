"""Is this process alive, and can it serve?"""

import asyncio
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from tests.conftest import CountStatements
from threadly.app import create
from threadly.core.config import Secret
from threadly.core.database import Database, Tx
from threadly.ops import health
from threadly.ops.health import Readiness
from threadly.settings import Settings
from threadly.wiring import Services, services


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What answers is found to answer, also on a machine that is busy."""
    monkeypatch.setattr(health, "LONGEST_SECONDS", 10.0)


async def ask(built: Services, path: str) -> httpx.Response:
    """One question to an application that was just started."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(create(built)), base_url="http://shop") as client:
        return await client.get(path)


def unreachable(settings: Settings, tmp_path: Path) -> Settings:
    """The same installation with nothing behind its addresses."""
    database = settings.database.model_copy(update={"url": Secret(f"postgresql://u:swordfish@/x?host={tmp_path}")})
    cache = settings.cache.model_copy(update={"url": Secret(f"unix://:swordfish@{tmp_path}/none.sock")})
    return settings.model_copy(update={"database": database, "cache": cache})


async def test_ready_means_that_everything_answers(patient: None, installed: Services) -> None:
    answer = await ask(installed, "/readyz")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/health+json"
    assert answer.headers["cache-control"] == "no-store"
    told = answer.json()
    assert told["status"] == "pass"
    assert {name: check["status"] for name, check in told["checks"].items()} == {"database": "pass", "valkey": "pass"}


async def test_alive_asks_nobody(settings: Settings, tmp_path: Path) -> None:
    async with services(unreachable(settings, tmp_path)) as built:
        answer = await ask(built, "/livez")
    assert (answer.status_code, answer.json()["status"]) == (200, "pass")


async def test_what_does_not_answer_is_named_without_its_secrets(settings: Settings, tmp_path: Path) -> None:
    async with services(unreachable(settings, tmp_path)) as built:
        answer = await ask(built, "/readyz")
    assert answer.status_code == 503
    assert [check["status"] for check in answer.json()["checks"].values()] == ["fail", "fail"]
    assert "swordfish" not in answer.text
    assert str(tmp_path) not in answer.text


async def test_a_schema_of_another_release_is_not_ready(patient: None, installed: Services) -> None:
    async def age(tx: Tx) -> None:
        await tx.execute(text("UPDATE alembic_version SET version_num = '0000'"))

    await installed.db.run(age)
    answer = await ask(installed, "/readyz")
    assert answer.status_code == 503
    assert "threadly db upgrade" in answer.json()["checks"]["database"]["output"]


async def test_a_database_that_hangs_is_given_up_soon(installed: Services) -> None:
    async def stand_in_the_way(tx: Tx) -> float:
        await tx.execute(text("LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE"))
        began = time.monotonic()
        found = await Readiness(installed).health()
        assert found.status == "fail"
        return time.monotonic() - began

    assert await installed.db.run(stand_in_the_way) < 1.5  # 0.2, on a machine that has nothing else to do


async def test_many_who_ask_at_once_are_one_question(
    patient: None, installed: Services, count_statements: CountStatements
) -> None:
    readiness = Readiness(installed)

    async def ask_often() -> None:
        found = await asyncio.gather(*(readiness.health() for _ in range(20)))
        assert {each.status for each in found} == {"pass"}

    assert await count_statements(installed.db, ask_often()) == 1


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
async def test_they_are_no_part_of_the_api(installed: Services, db: Database, path: str) -> None:
    described: Any = (await ask(installed, "/api/v1/openapi.json")).json()
    assert path not in described["paths"]
