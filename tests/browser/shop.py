"""A small shop to walk through: fifty listings with real pictures, served by the real server."""

import asyncio
import hashlib
import signal
import socket
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pyvips
from sqlalchemy import select

from tests.making import THEN, a_brand, a_listing, a_member, a_picture
from tests.processes import program
from threadly.core.database import Database, Tx
from threadly.marketplace import catalog, search
from threadly.marketplace.catalog import Category, Condition
from threadly.marketplace.listings import Listing, ListingPicture, ListingStatus
from threadly.marketplace.media import WIDTHS

CONDITIONS = list(Condition)


@dataclass(frozen=True, slots=True)
class Shop:
    """Where it is, and what is in it."""

    url: str
    for_sale: str
    """The path of a listing with four pictures."""
    sold: str
    database_url: str


async def stock(db: Database, media: Path) -> tuple[UUID, UUID]:
    """Fills the shop; the ids of a listing with several pictures, and of one that is sold."""
    await db.run(catalog.install)
    async with db.read() as read:
        dresses = (
            await read.execute(select(Category.id).where(Category.path == "women/clothing/dresses"))
        ).scalar_one()
    seller = await a_member(db, joined_at=THEN)
    brand = await a_brand(db, "Loom & Daughters")
    pictures = [await a_picture(db, **_drawn(media, hue)) for hue in range(0, 360, 60)]

    async def hang(tx: Tx, first: Listing) -> None:
        facts: dict[str, Any] = {
            name: getattr(first, name) for name in ("seller_id", "department_id", "group_id", "category_id")
        }
        for number in range(50):
            listing = Listing(
                **facts,
                id=uuid4(),
                brand_id=brand.id if number % 3 else None,
                colour="multicolour" if number == 1 else "navy",
                condition=CONDITIONS[number % len(CONDITIONS)],
                status=ListingStatus.AVAILABLE,
                title=f"Linen dress, number {number}",
                description="Worn for one summer.\n\nThere is a small mend at the hem.",
                price_minor=19_90 + number * 100,
                currency="EUR",
                published_at=THEN - timedelta(hours=number),
            )
            tx.add(listing)
            await tx.flush()
            if number % 10 != 7:
                cover = pictures[number % len(pictures)]
                alt = f"Linen dress, number {number}"
                tx.add(ListingPicture(listing_id=listing.id, position=1, picture_id=cover.id, alt=alt))

    async def show(tx: Tx, listing: Listing) -> None:
        for position, picture in enumerate(pictures[:4], start=1):
            alt = f"View {position}"
            tx.add(ListingPicture(listing_id=listing.id, position=position, picture_id=picture.id, alt=alt))

    facts: dict[str, Any] = {
        "seller_id": seller.id,
        "brand_id": brand.id,
        "colour": "navy",
        "material": "linen",
        "pictures": 0,
    }
    newest = await a_listing(db, title="The newest dress", published_at=THEN + timedelta(days=1), **facts)
    sold = await a_listing(db, title="A dress that is gone", status=ListingStatus.SOLD, sold_at=THEN, **facts)
    assert newest.category_id == dresses
    await db.run(hang, newest)
    await db.run(show, newest)
    await db.run(show, sold)
    await db.run(search.refresh)
    return newest.id, sold.id


@asynccontextmanager
async def served(environment: dict[str, str]) -> AsyncIterator[str]:
    """The application on a free port, until the block ends; its pictures have another origin, as in production."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    environment = {"THREADLY_MEDIA__ORIGIN": f"http://localhost:{port}"} | environment
    arguments = ("--interface", "asgi", "--factory", "--host", "127.0.0.1", "--port", str(port), "--no-access-log")
    with program("granian", *arguments, "threadly.app:app", environment=environment, is_heard=False) as server:
        async with httpx.AsyncClient(base_url=url) as client, asyncio.timeout(60):
            await _answering(client)
        try:
            yield url
        finally:
            server.told(signal.SIGTERM, within=60)


async def _answering(client: httpx.AsyncClient) -> None:
    while True:
        with suppress(httpx.TransportError):
            if (await client.get("/livez")).status_code == 200:
                return
        await asyncio.sleep(0.1)


def _drawn(media: Path, hue: int) -> dict[str, Any]:
    dress = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="1600">'
        f'<rect width="1280" height="1600" fill="hsl({(hue + 180) % 360},25%,88%)"/>'
        f'<path d="M520 250h240l-30 300 230 830H320l230-830z" fill="hsl({hue},45%,45%)"/></svg>'
    )
    image = pyvips.Image.svgload_buffer(dress.encode())
    sizes = {width: image.resize(width / 1280).webpsave_buffer(Q=70) for width in WIDTHS}
    name = hashlib.blake2b(sizes[max(WIDTHS)], digest_size=16).hexdigest()
    media.mkdir(exist_ok=True)
    for width, content in sizes.items():
        (media / f"{name}-{width}.webp").write_bytes(content)
    hint = b64encode(image.thumbnail_image(8).webpsave_buffer(Q=30)).decode()
    return {"name": name, "width": 1280, "height": 1600, "placeholder": f"data:image/webp;base64,{hint}"}
