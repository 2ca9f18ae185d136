"""What becomes of a listing that is changed: all that it would be is judged before any of it is written."""

from uuid import UUID

from msgspec import UNSET
from sqlalchemy import func, select

from threadly.core.database import Tx
from threadly.core.errors import FieldsRefused, Refusal
from threadly.marketplace import catalog
from threadly.marketplace.listings import policy
from threadly.marketplace.listings.errors import ListingChanged
from threadly.marketplace.listings.models import Listing, ListingPicture, ListingPrice
from threadly.marketplace.listings.policy import Changes


async def change(tx: Tx, listing: Listing, changes: Changes, version: int | None, *, whole: bool) -> None:
    """Looks up what the changes name, judges the listing as it would be, and makes it so.

    Who saw an older version is told, unless their changes are in it already: so a form that is sent twice is well.
    """
    is_stale = version is not None and version != listing.version
    price_before = listing.price_minor
    facts: dict[str, object] = {}
    unknown: dict[str, Refusal] = {}

    leaf = None if listing.category_id is None else await catalog.leaf_of(tx, listing.category_id)
    if changes.category is not UNSET:
        leaf = None if changes.category is None else await catalog.leaf(tx, changes.category)
        if changes.category is not None and leaf is None:
            unknown["category"] = policy.CATEGORY_UNKNOWN
        facts |= {
            "category_id": leaf and leaf.id,
            "group_id": leaf and leaf.group_id,
            "department_id": leaf and leaf.department_id,
        }
    size_id = listing.size_id if changes.size_id is UNSET else changes.size_id
    system = None if size_id is None else await catalog.size_system(tx, size_id)
    if size_id is not None and system is None:
        unknown["size_id"] = policy.SIZE_UNKNOWN
    if isinstance(changes.colour, str) and not await catalog.is_colour(tx, changes.colour):
        unknown["colour"] = policy.COLOUR_UNKNOWN
    if isinstance(changes.material, str) and not await catalog.is_material(tx, changes.material):
        unknown["material"] = policy.MATERIAL_UNKNOWN
    plain = ("title", "description", "price_minor", "condition", "size_id", "colour", "material")
    facts |= {name: given for name in plain if (given := getattr(changes, name)) is not UNSET}

    would_be = policy.Draft(
        title=str(facts.get("title", listing.title)),
        description=str(facts.get("description", listing.description)),
        price_minor=listing.price_minor if changes.price_minor is UNSET else changes.price_minor,
        category=leaf,
        condition=listing.condition if changes.condition is UNSET else changes.condition,
        brand=changes.brand if isinstance(changes.brand, str) else None,
        size_system=system,
        pictures=await _pictures(tx, listing.id),
    )
    refused = policy.refusals(would_be, whole=whole) | unknown
    if refused and not is_stale:
        raise FieldsRefused(refusals=refused)

    if not refused and changes.brand is not UNSET:
        facts |= await _brand(tx, listing, changes.brand)
    different = {name: value for name, value in facts.items() if getattr(listing, name) != value}
    if refused or (different and is_stale):
        raise ListingChanged(listing_id=listing.id, version=listing.version)
    if not different:
        return
    for name, value in different.items():
        setattr(listing, name, value)
    listing.version += 1
    if listing.published_at is not None and listing.price_minor != price_before:
        remember_price(tx, listing)
    await tx.flush()


async def _brand(tx: Tx, listing: Listing, name: str | None) -> dict[str, object]:
    """A draft keeps the name as it is typed, letter after letter; on sale, it is that of a brand, known or new."""
    if listing.published_at is None:
        return {"brand_id": None, "brand_name": name}
    return {"brand_id": None if name is None else await catalog.brand_named(tx, name)}


def remember_price(tx: Tx, listing: Listing) -> None:
    """Notes what the public sees from now on."""
    tx.add(ListingPrice(listing_id=listing.id, price_minor=listing.price_minor, currency=listing.currency))


async def _pictures(tx: Tx, id: UUID) -> int:
    return int(await tx.scalar(select(func.count()).where(ListingPicture.listing_id == id)) or 0)
