"""A member who sells in pages, without a browser."""

import re
from typing import Any

import httpx
from sqlalchemy import select

from tests.photographs import a_jpeg
from tests.web.conftest import signed_up
from threadly.core.database import Database
from threadly.marketplace import catalog
from threadly.marketplace.listings import Listing

WRITTEN = {
    "title": "Linen summer dress",
    "description": "Worn twice, from a home without smoke.",
    "category": "women/clothing/dresses",
    "brand": "Arket",
    "condition": "very_good",
    "colour": "navy",
    "price": "24,50",
}
PHOTO = a_jpeg(400, 500)


async def begun(visitor: httpx.AsyncClient, db: Database) -> str:
    """Signs up, and begins a draft; its path."""
    await db.run(catalog.install)
    await signed_up(visitor)
    return (await visitor.post("/sell")).headers["location"]


async def sent(
    visitor: httpx.AsyncClient, path: str, written: dict[str, Any] = WRITTEN, *photos: bytes, do: str = "save"
) -> httpx.Response:
    """Sends the form, as a browser does."""
    parts: list[tuple[str, Any]] = [(name, (None, str(value))) for name, value in (written | {"do": do}).items()]
    parts += [("photos", (f"{number}.jpg", photo, "image/jpeg")) for number, photo in enumerate(photos)]
    return await visitor.post(path, files=parts)


async def on_sale(visitor: httpx.AsyncClient, db: Database) -> str:
    """Sells something; the path of its form."""
    path = await begun(visitor, db)
    answer = await sent(visitor, path, WRITTEN, PHOTO, do="publish")
    assert answer.status_code == 303, answer.text
    return path


async def listings_of(db: Database, *columns: object) -> list[tuple[object, ...]]:
    """All listings, by some of their columns."""
    async with db.read() as read:
        return [tuple(row) for row in await read.execute(select(*columns).select_from(Listing))]  # type: ignore[call-overload]


def photos_of(page: str) -> list[str]:
    """The ids of the photos on a page, in order."""
    return re.findall(r'<li data-photo="([0-9a-f-]{36})"', page)
