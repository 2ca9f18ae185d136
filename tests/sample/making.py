"""Sample shops for tests: everything but the drawing."""

from datetime import UTC, datetime
from hashlib import blake2b

from threadly.core.database import Database
from threadly.sample import exhibition, seeding
from threadly.sample.exhibition import Exhibition, Shop
from threadly.sample.gallery import Drawn
from threadly.sample.people import people
from threadly.sample.seeding import Seeded
from threadly.sample.stock import stock

UNTIL = datetime(2026, 6, 1, tzinfo=UTC)


def a_shop(listings: int, seed: int = 1) -> Shop:
    """A shop with the whole assortment."""
    return Shop(listings=listings, seed=seed, currency="EUR", until=UNTIL, stock=stock())


def undrawn(shop: Shop) -> Exhibition:
    """Its pictures as the database knows them, without files: drawing hundreds would take minutes."""
    faces = filter(None, map(exhibition.avatar_of, people(shop.listings, shop.seed, shop.until)))
    looks = {look: _undrawn(look) for outfit in shop.outfits() for look in outfit.pictures}
    return exhibition.hung(shop, looks, {face: _undrawn(face) for face in faces})


async def filled(db: Database, shop: Shop) -> Seeded:
    """Puts the shop's rows in."""
    return await seeding.fill(db, shop, undrawn(shop), lambda _progress: None)


def _undrawn(thing: object) -> Drawn:
    name = blake2b(repr(thing).encode(), digest_size=16).hexdigest()
    return Drawn(name=name, width=1280, height=1600, placeholder="data:image/webp;base64,AA")
