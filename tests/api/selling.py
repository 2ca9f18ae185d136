"""Members who sell, by the API."""

from typing import Any

import httpx

from tests.photographs import a_jpeg
from threadly.core.database import Database
from threadly.marketplace import catalog

API = "/api/v1"
WHOLE = {
    "title": "Linen summer dress",
    "description": "Worn twice, from a home without smoke.",
    "price_minor": 2450,
    "category": "women/clothing/dresses",
    "condition": "very_good",
    "brand": "arket",
    "colour": "navy",
}


async def a_seller(client: httpx.AsyncClient, db: Database, name: str = "mila") -> dict[str, str]:
    """The headers of a member, in a shop with the whole catalogue."""
    await db.run(catalog.install)
    form = {"username": name, "email": f"{name}@shop.example", "password": "seven wool coats"}
    token = (await client.post(f"{API}/members", json=form)).json()["token"]
    return {"authorization": f"Bearer {token}"}


async def a_draft(client: httpx.AsyncClient, seller: dict[str, str], **facts: Any) -> str:  # noqa: ANN401
    """The path of a draft with a photo."""
    answer = await client.post(f"{API}/listings", json=WHOLE | facts, headers=seller)
    assert answer.status_code == 201, answer.text
    path = f"{API}/listings/{answer.json()['id']}"
    added = await client.post(f"{path}/pictures", files={"picture": a_jpeg(300, 300)}, headers=seller)
    assert added.status_code == 201, added.text
    return path
