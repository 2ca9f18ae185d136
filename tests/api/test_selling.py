"""Selling through the API: a draft, its photos, on sale, away and back; and whatever is wrong, refused by name."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.api.selling import API, WHOLE, a_draft, a_seller
from threadly.core.database import Database
from threadly.marketplace import catalog


async def test_from_a_draft_to_on_sale_and_away_and_back(client: httpx.AsyncClient, db: Database) -> None:
    seller = await a_seller(client, db)
    path = await a_draft(client, seller)
    assert (await client.get(path)).status_code == 404

    published = [(await client.post(f"{path}/publish", headers=seller)).json() for _ in range(2)]
    assert published[0] == published[1]
    assert (published[0]["status"], published[0]["brand"], published[0]["price"]["amount_minor"]) == (
        "available",
        "Arket",
        2450,
    )
    (newest,) = (await client.get(f"{API}/listings", params={"category": "women/clothing/dresses"})).json()["items"]
    assert path.endswith(newest["id"])

    assert (await client.get(f"{API}/me/totals", headers=seller)).json() == {
        "for_sale": 1, "drafts": 0, "sold": 0, "removed": 0, "favourites": 0, "views": 0,
    }  # fmt: skip
    assert (await client.get(f"{API}/me/totals")).status_code == 401

    assert (await client.delete(path, headers=seller)).status_code == 204
    assert (await client.get(path)).status_code == 404
    (removed,) = (await client.get(f"{API}/me/listings", params={"shelf": "removed"}, headers=seller)).json()["items"]
    assert path.endswith(removed["id"])
    copy = await client.post(f"{path}/relist", headers=seller)
    assert (copy.status_code, copy.json()["status"], len(copy.json()["pictures"])) == (201, "draft", 1)
    restored = (await client.post(f"{path}/restore", headers=seller)).json()
    assert restored["published_at"] == published[0]["published_at"]
    assert (await client.post(f"{path}/relist", headers=seller)).json()["code"] == "listing_not_over"


async def test_each_draft_that_is_posted_is_one_and_a_refused_one_is_none(
    client: httpx.AsyncClient, db: Database
) -> None:
    seller = await a_seller(client, db)
    bodies = [WHOLE | {"title": f"Dress {number}"} for number in range(10)]

    posted = await asyncio.gather(*(client.post(f"{API}/listings", json=body, headers=seller) for body in bodies))
    refused = await client.post(f"{API}/listings", json=WHOLE | {"colour": "octarine"}, headers=seller)

    assert [(answer.status_code, answer.json()["title"]) for answer in posted] == [
        (201, body["title"]) for body in bodies
    ]
    assert refused.status_code == 422
    drafts = (await client.get(f"{API}/me/listings", params={"shelf": "drafts"}, headers=seller)).json()["items"]
    assert {draft["id"] for draft in drafts} == {answer.json()["id"] for answer in posted}


async def test_what_is_absent_stays_and_null_clears(client: httpx.AsyncClient, db: Database) -> None:
    seller = await a_seller(client, db)
    path = await a_draft(client, seller)

    edited = (await client.patch(path, json={"brand": None, "price_minor": 1}, headers=seller)).json()

    assert (edited["brand"], edited["price"]["amount_minor"], edited["colour"]) == (None, 1, "navy")
    stale = await client.patch(path, json={"title": "A hat", "version": edited["version"] - 1}, headers=seller)
    assert (stale.status_code, stale.json()["code"]) == (409, "listing_changed")
    assert (await client.get(f"{API}/me/listings/{edited['id']}", headers=seller)).json() == edited


@pytest.mark.parametrize(
    ("facts", "status", "code"),
    [
        ({"price_minor": 0}, 422, "price_too_low"),
        ({"price_minor": 100_000_000}, 422, "price_too_high"),
        ({"price_minor": 1_000_000_000_000}, 422, "price_too_high"),
        ({"price_minor": 10**30}, 422, "price_too_high"),
        ({"price_minor": 0.1}, 400, "body_invalid"),
        ({"price_minor": "24"}, 400, "body_invalid"),
        ({"title": "x" * 101}, 422, "title_too_long"),
        ({"title": "Coat \u202e"}, 422, "title_unreadable"),
        ({"title": "Coat\0"}, 400, "body_invalid"),
        ({"description": "a\u0007"}, 422, "description_unreadable"),
        ({"category": "women"}, 422, "category_unknown"),
        ({"colour": "octarine"}, 422, "colour_unknown"),
        ({"condition": "pristine"}, 400, "body_invalid"),
        ({"seller_id": "x"}, 400, "body_invalid"),
    ],
)
async def test_what_is_wrong_is_refused_and_changes_nothing(
    client: httpx.AsyncClient, db: Database, facts: dict[str, Any], status: int, code: str
) -> None:
    seller = await a_seller(client, db)
    path = await a_draft(client, seller)
    before = (await client.get(path.replace("/listings", "/me/listings"), headers=seller)).json()

    answer = await client.patch(path, json=facts, headers=seller)

    assert answer.status_code == status, answer.text
    told = answer.json()
    assert code in {told["code"], *(field["code"] for field in told.get("fields", {}).values())}
    assert (await client.get(path.replace("/listings", "/me/listings"), headers=seller)).json() == before


async def test_nobody_edits_what_is_anothers(client: httpx.AsyncClient, db: Database) -> None:
    seller, other = await a_seller(client, db), await a_seller(client, db, "other")
    draft, on_sale = await a_draft(client, seller), await a_draft(client, seller)
    await client.post(f"{on_sale}/publish", headers=seller)

    for path, status in ((draft, 404), (on_sale, 403)):
        for method, ending in (("PATCH", ""), ("DELETE", ""), ("POST", "/publish"), ("POST", "/restore")):
            body: dict[str, Any] = {"json": {"price_minor": 1}} if method == "PATCH" else {}
            answer = await client.request(method, f"{path}{ending}", headers=other, **body)
            assert answer.status_code == status, (method, ending)
            assert (await client.request(method, f"{path}{ending}", **body)).status_code == 401
    assert (await client.get(on_sale)).json()["price"]["amount_minor"] == 2450


async def test_pages_of_ones_own_belong_to_one_shelf(client: httpx.AsyncClient, db: Database) -> None:
    seller = await a_seller(client, db)
    for number in range(3):
        await a_draft(client, seller, title=f"Number {number}")
    asked: dict[str, str] = {"shelf": "drafts", "limit": "2"}

    first = (await client.get(f"{API}/me/listings", params=asked, headers=seller)).json()
    second = (await client.get(f"{API}/me/listings", params=asked | {"cursor": first["next"]}, headers=seller)).json()

    assert [item["title"] for item in first["items"] + second["items"]] == ["Number 2", "Number 1", "Number 0"]
    assert second["next"] is None
    foreign = await client.get(f"{API}/me/listings", params={"shelf": "sold", "cursor": first["next"]}, headers=seller)
    assert foreign.json()["code"] == "cursor_invalid"


async def test_the_choices_are_everybodys(client: httpx.AsyncClient, db: Database) -> None:
    await db.run(catalog.install)
    answer = await client.get(f"{API}/choices")
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert "navy" in {colour["code"] for colour in answer.json()["colours"]}
    assert answer.json()["size_systems"]["women/shoes/boots"] == "eu_shoes"
