"""What sellers do with what they sell: draft, edit, publish, remove, restore, list again.

Guaranteed: a refusal changes nothing, and names every wrong field at once; whatever is done twice at once is done once;
who is public is whole; each price that the public has seen is in `listing_prices`.
"""

from typing import Final
from uuid import UUID

import msgspec
from msgspec import UNSET
from sqlalchemy import exists, func, literal, select
from sqlalchemy.dialects.postgresql import insert

from threadly.core import clock, ids
from threadly.core.database import Tx
from threadly.core.errors import FieldsRefused, Refusal
from threadly.marketplace import catalog
from threadly.marketplace.listings import policy
from threadly.marketplace.listings.errors import (
    ListingChanged,
    ListingNotOver,
    ListingOnSaleAlready,
    ListingSettled,
)
from threadly.marketplace.listings.models import Listing, ListingPicture, ListingPrice, ListingStatus
from threadly.marketplace.listings.owned import editable, locked
from threadly.marketplace.listings.policy import Changes
from threadly.marketplace.members import Member

_NOTHING: Final = Changes()
_COPIED: Final = (
    "department_id", "group_id", "category_id", "brand_id", "brand_name", "size_id", "colour", "material", "condition",
    "title", "description", "price_minor", "currency",
)  # fmt: skip


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where a listing stands after something was done with it."""

    id: UUID
    status: ListingStatus
    version: int


async def draft(tx: Tx, seller_id: UUID, changes: Changes = _NOTHING, *, currency: str) -> Standing:
    """A new draft with what is known of it. With nothing: the one that the seller has begun and never touched, if there
    is one, however often and quickly they ask.

    Raises:
        FieldsRefused: With each field that breaks a rule. Nothing was begun then.
    """
    if changes != _NOTHING:
        listing = await _begun(tx, seller_id, currency)
        await _change(tx, listing, changes, None, whole=False)
        return _standing(listing)
    await tx.execute(select(Member.id).where(Member.id == seller_id).with_for_update(key_share=True))
    pictured = exists().where(ListingPicture.listing_id == Listing.id)
    untouched = select(Listing).where(
        Listing.seller_id == seller_id,
        Listing.status == ListingStatus.DRAFT,
        Listing.version == 1,
        Listing.title == "",
        Listing.currency == currency,
        ~pictured,
    )
    found: Listing | None = await tx.scalar(untouched.order_by(Listing.created_at.desc()).limit(1))
    if found is None:
        return _standing(await _begun(tx, seller_id, currency))
    found.created_at = clock.now()
    await tx.flush()
    return _standing(found)


async def edit(tx: Tx, seller_id: UUID, id: UUID, changes: Changes, *, version: int | None = None) -> Standing:
    """Changes a draft, or what is on sale. A draft may stay incomplete; what is on sale stays whole.

    Args:
        version: The one that the seller looked at; None: whichever it is.

    Raises:
        ListingNotFound, ListingOfAnother: It is not the seller's.
        ListingSettled, ListingRemoved: It cannot be changed now.
        ListingChanged: It has another version.
        FieldsRefused: With each field that breaks a rule.
    """
    listing = await editable(tx, seller_id, id)
    await _change(tx, listing, changes, version, whole=listing.status is ListingStatus.AVAILABLE)
    return _standing(listing)


async def publish(
    tx: Tx, seller_id: UUID, id: UUID, changes: Changes = _NOTHING, *, version: int | None = None
) -> Standing:
    """Puts a draft on sale, with the last changes to it. What is on sale already is changed, and stays where it is.

    Raises:
        ListingOnSaleAlready: It was listed anew from what is back on sale.
        And what `edit` raises.
    """
    listing = await editable(tx, seller_id, id)
    await _change(tx, listing, changes, version, whole=True)
    if listing.status is ListingStatus.DRAFT:
        await _refuse_twice(tx, listing)
        if listing.brand_name is not None:
            listing.brand_id = await catalog.brand_named(tx, listing.brand_name)
            listing.brand_name = None
        listing.status = ListingStatus.AVAILABLE
        listing.published_at = clock.now()
        listing.copy_of = None
        _remember_price(tx, listing)
        await tx.flush()
    return _standing(listing)


async def rehearse(
    tx: Tx, seller_id: UUID, id: UUID, changes: Changes = _NOTHING, *, version: int | None = None
) -> Standing:
    """Edits as `publish` would, and refuses what it would refuse, but puts nothing on sale."""
    listing = await editable(tx, seller_id, id)
    await _change(tx, listing, changes, version, whole=True)
    return _standing(listing)


async def remove(tx: Tx, seller_id: UUID, id: UUID) -> Standing:
    """Takes a draft, or what is on sale, out of sight. It keeps all that it has, until it is restored.

    Raises:
        ListingNotFound, ListingOfAnother: It is not the seller's.
        ListingSettled: It is reserved or sold.
    """
    listing = await locked(tx, seller_id, id)
    if listing.status is ListingStatus.REMOVED:
        return _standing(listing)
    if listing.status in {ListingStatus.RESERVED, ListingStatus.SOLD}:
        raise ListingSettled(listing_id=id)
    listing.status = ListingStatus.REMOVED
    listing.removed_at = clock.now()
    listing.copy_of = None
    await tx.flush()
    return _standing(listing)


async def restore(tx: Tx, seller_id: UUID, id: UUID) -> Standing:
    """Brings what was removed back to where it was: among the drafts, or on sale since the day it first was.

    It does not jump to the top of the newest: removing and restoring would else be a way to stand there every hour.

    Raises:
        ListingNotFound, ListingOfAnother: It is not the seller's.
        ListingOnSaleAlready: It was listed anew, and that is on sale.
    """
    listing = await locked(tx, seller_id, id)
    if listing.status is ListingStatus.REMOVED:
        if listing.published_at is not None:
            await _refuse_twice(tx, listing)
        listing.status = ListingStatus.DRAFT if listing.published_at is None else ListingStatus.AVAILABLE
        listing.removed_at = None
        await tx.flush()
    return _standing(listing)


async def relist(tx: Tx, seller_id: UUID, id: UUID) -> Standing:
    """A new draft with the facts and pictures of what was sold or removed; while that draft is open, the same again.

    Raises:
        ListingNotFound, ListingOfAnother: It is not the seller's.
        ListingNotOver: It is a draft, on sale or reserved.
    """
    old = await locked(tx, seller_id, id)
    if old.status not in {ListingStatus.SOLD, ListingStatus.REMOVED}:
        raise ListingNotOver(listing_id=id)
    open_copy: Listing | None = await tx.scalar(select(Listing).where(Listing.copy_of == id))
    if open_copy is not None:
        return _standing(open_copy)
    facts = {name: getattr(old, name) for name in _COPIED}
    if old.status is ListingStatus.REMOVED:  # and can come back; what was sold cannot
        old.piece_id = facts["piece_id"] = old.piece_id or old.id
    copy = Listing(id=ids.new(), seller_id=seller_id, status=ListingStatus.DRAFT, version=1, copy_of=id, **facts)
    tx.add(copy)
    await tx.flush()
    columns = (ListingPicture.position, ListingPicture.picture_id, ListingPicture.alt)
    shown = select(literal(copy.id, Listing.id.type), *columns).where(ListingPicture.listing_id == id)
    await tx.execute(insert(ListingPicture).from_select(("listing_id", "position", "picture_id", "alt"), shown))
    return _standing(copy)


async def _begun(tx: Tx, seller_id: UUID, currency: str) -> Listing:
    """A new draft that says nothing."""
    listing = Listing(
        id=ids.new(),
        seller_id=seller_id,
        status=ListingStatus.DRAFT,
        title="",
        description="",
        currency=currency,
        version=1,
    )
    tx.add(listing)
    await tx.flush()
    return listing


async def _refuse_twice(tx: Tx, listing: Listing) -> None:
    """Refuses what is on sale in another listing. Of two that come at once, the second waits, and looks then."""
    if listing.piece_id is None:
        return
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(listing.piece_id), 0))))
    same = (Listing.piece_id == listing.piece_id, Listing.id != listing.id)
    on_sale = Listing.status.in_((ListingStatus.AVAILABLE, ListingStatus.RESERVED))
    other_id = await tx.scalar(select(Listing.id).where(*same, on_sale))
    if other_id is not None:
        raise ListingOnSaleAlready(listing_id=listing.id, other_id=other_id)


async def _change(tx: Tx, listing: Listing, changes: Changes, version: int | None, *, whole: bool) -> None:
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
        _remember_price(tx, listing)
    await tx.flush()


async def _brand(tx: Tx, listing: Listing, name: str | None) -> dict[str, object]:
    """A draft keeps the name as it is typed, letter after letter; on sale, it is that of a brand, known or new."""
    if listing.published_at is None:
        return {"brand_id": None, "brand_name": name}
    return {"brand_id": None if name is None else await catalog.brand_named(tx, name)}


def _remember_price(tx: Tx, listing: Listing) -> None:
    tx.add(ListingPrice(listing_id=listing.id, price_minor=listing.price_minor, currency=listing.currency))


async def _pictures(tx: Tx, id: UUID) -> int:
    return int(await tx.scalar(select(func.count()).where(ListingPicture.listing_id == id)) or 0)


def _standing(listing: Listing) -> Standing:
    return Standing(id=listing.id, status=listing.status, version=listing.version)
