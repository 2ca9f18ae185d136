"""Failures, as pages. None needs more than the process itself to be told."""

import re

import httpx
import pytest
from sqlalchemy import text

from tests.conftest import database_settings
from tests.making import a_category, a_listing
from threadly.app import create
from threadly.core.config import Secret
from threadly.core.database import Database, Tx
from threadly.settings import Settings
from threadly.wiring import services


async def test_an_unknown_address_is_told_kindly(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get("/no/such/page")

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert "<h1>There is nothing here.</h1>" in answer.text


@pytest.mark.parametrize(("cookies", "way"), [({}, "/sign-in"), ({"threadly_session": "x" * 43}, "/account")])
async def test_who_may_have_signed_in_is_not_asked_to(
    visitor: httpx.AsyncClient, cookies: dict[str, str], way: str
) -> None:
    answer = await visitor.get("/no/such/page", headers={"cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())})

    assert f'<a class="visitor-way" href="{way}">' in answer.text


async def test_at_a_host_that_is_not_the_shops_the_page_needs_nothing_from_there(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get("/search?q=coat", headers={"host": "evil.example", "accept": "text/html"})

    assert answer.status_code == 421
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "<h1>This is not our address.</h1>" in answer.text
    assert re.findall(r'(?:href|src|action)="([^"]*)"', answer.text) == ["http://localhost:8000/"]
    assert "evil" not in answer.text


async def test_a_wrong_method_is_told_what_would_be_right(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.post("/")

    assert answer.status_code == 405
    assert {"GET", "HEAD"} <= set(answer.headers["allow"].split(", "))
    assert "This address does not answer to that method." in answer.text


async def test_what_nobody_foresaw_tells_nothing_of_us(
    visitor: httpx.AsyncClient, db: Database, owner: Database
) -> None:
    await a_listing(db)

    async def break_it(tx: Tx) -> None:
        await tx.execute(text("ALTER TABLE listings RENAME TO gone"))

    await owner.run(break_it)
    answer = await visitor.get("/")

    assert answer.status_code == 500
    assert "Something went wrong on our side." in answer.text
    assert "Try again" in answer.text
    assert f"tell us this number: <code>{answer.headers['x-request-id']}</code>" in answer.text
    for ours in ("listings", "Traceback", "asyncpg", "SELECT"):
        assert ours not in answer.text.replace("/listings/", "")


async def test_a_database_that_is_gone_is_told_without_it(settings: Settings) -> None:
    elsewhere = database_settings("postgresql://nobody@127.0.0.1:1/nothing").model_copy(
        update={"url": Secret("postgresql://nobody@127.0.0.1:1/nothing")}
    )
    async with services(settings.model_copy(update={"database": elsewhere})) as built:
        transport = httpx.ASGITransport(create(built), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as visitor:
            answer = await visitor.get("/")

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    assert "We cannot reach our records right now." in answer.text


async def test_a_failure_keeps_the_menu_that_was_known(visitor: httpx.AsyncClient, db: Database) -> None:
    await a_category(db, "women/clothing/dresses")
    before = await visitor.get("/nowhere")
    await visitor.get("/")
    after = await visitor.get("/nowhere")

    assert "/categories/women" not in before.text
    assert "/categories/women" in after.text
