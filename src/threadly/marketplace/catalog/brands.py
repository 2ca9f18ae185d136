"""Brands that members name: found however they spell them, and added where nobody has named them before."""

import hashlib
from typing import Final
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert

from threadly.core import ids
from threadly.core.database import Tx
from threadly.marketplace.catalog.models import Brand
from threadly.marketplace.catalog.reference import slug

_SLUG_LENGTH: Final = 60


async def brand_named(tx: Tx, name: str) -> UUID:
    """The brand of this name, regardless of case, accents and punctuation (`chloe` is Chloé); added if it is new.

    Guaranteed: however many name a new brand at once, there is one. The name is 1 to 50 characters that somebody has
    checked, without spaces around it.
    """
    known = slug_of(name)
    same = select(Brand.id).where(or_(func.lower(Brand.name) == func.lower(name), Brand.slug == known))
    # The exact name goes before one that is only spelled alike.
    nearest = same.order_by((func.lower(Brand.name) == func.lower(name)).desc()).limit(1)
    found: UUID | None = await tx.scalar(nearest)
    if found is not None:
        return found
    added: UUID | None = await tx.scalar(
        insert(Brand).values(id=ids.new(), name=name, slug=known).on_conflict_do_nothing().returning(Brand.id)
    )
    # Whoever was quicker has committed by now: the insert has waited for it.
    return added if added is not None else (await tx.execute(nearest)).scalar_one()


def slug_of(name: str) -> str:
    """What stands in addresses for a brand: of what Latin letters say, or a digest where they cannot say it all."""
    plain = slug(name)
    told = sum(character.isalnum() for character in name)
    if plain and len(plain.replace("-", "")) >= told:
        return plain[:_SLUG_LENGTH].strip("-")
    digest = hashlib.blake2b(" ".join(name.casefold().split()).encode(), digest_size=6).hexdigest()
    return f"{plain[: _SLUG_LENGTH - 14]}-{digest}".strip("-") if plain else f"brand-{digest}"
