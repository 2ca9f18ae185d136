"""The reference: what a bare ASGI application reaches with the same query, asyncpg and msgspec, and nothing else."""

import os
from typing import Any, Final

import asyncpg
import msgspec

from threadly.core.asgi import Receive, Scope, Send

_CARDS: Final = """
SELECT page.id, page.title, page.price_minor, page.currency, page.condition, page.published_at,
       brands.name AS brand, sizes.label AS size,
       members.id AS seller_id, members.username, members.display_name,
       pictures.name AS picture, pictures.width, pictures.height, pictures.placeholder, listing_pictures.alt
FROM (SELECT * FROM listings WHERE status = 'available' ORDER BY published_at DESC, id DESC LIMIT 25) AS page
JOIN members ON members.id = page.seller_id
LEFT JOIN brands ON brands.id = page.brand_id
LEFT JOIN sizes ON sizes.id = page.size_id
LEFT JOIN listing_pictures ON listing_pictures.listing_id = page.id AND listing_pictures.position = 1
LEFT JOIN pictures ON pictures.id = listing_pictures.picture_id
ORDER BY page.published_at DESC, page.id DESC
"""
_encoder: Final = msgspec.json.Encoder()


class Bare:
    """Answers every request with the newest 24 listings."""

    pool: "asyncpg.Pool[Any]"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await receive()
            self.pool = await asyncpg.create_pool(os.environ["BARE_DATABASE_URL"], min_size=1, max_size=10)
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await self.pool.close()
            await send({"type": "lifespan.shutdown.complete"})
            return
        rows = await self.pool.fetch(_CARDS)
        body = _encoder.encode({"items": [_card(row) for row in rows[:24]], "next": str(rows[23]["id"])})
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def _card(row: asyncpg.Record) -> dict[str, object]:
    (
        id, title, price_minor, currency, condition, published_at, brand, size,
        seller_id, username, display_name, picture, width, height, placeholder, alt,
    ) = row  # fmt: skip
    return {
        "id": id,
        "title": title,
        "price": {"amount_minor": price_minor, "currency": currency},
        "condition": condition,
        "brand": brand,
        "size": size,
        "published_at": published_at,
        "seller": {"id": seller_id, "username": username, "display_name": display_name},
        "picture": picture
        and {
            "urls": {
                "320": f"/media/{picture}-320.webp",
                "640": f"/media/{picture}-640.webp",
                "1280": f"/media/{picture}-1280.webp",
            },
            "width": width,
            "height": height,
            "placeholder": placeholder,
            "alt": alt,
        },
    }


app = Bare()
