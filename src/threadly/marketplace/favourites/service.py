"""Gives hearts and takes them back; keeps `listings.favourites` true, which is this slice's to write.

Guaranteed: whoever changes a listing's hearts holds the listing's lock, so its count changes in the same transaction
and by exactly what changed, however many press at once and however often. A member who is deleted takes their hearts
along without counting; `mend` finds that, and whatever else went wrong.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import Float, any_, bindparam, cast, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.types import Uuid

from threadly.core import clock
from threadly.core.database import Tx
from threadly.marketplace.favourites.errors import OwnListing
from threadly.marketplace.favourites.models import Favourite, Trend
from threadly.marketplace.listings import FOR_SALE, PUBLIC, Listing, ListingNotFound

BATCH: Final = 5000
"""Listings that are looked through in one transaction."""

TRENDS: Final = 200
"""The most that trend at a time."""

LATELY: Final = timedelta(days=14)
FEWEST: Final = 2
"""One heart is no trend."""

_HALVED_AFTER: Final = timedelta(days=3)


class Hearts(msgspec.Struct, frozen=True, kw_only=True):
    """The hearts of a listing, as one member sees them."""

    listing_id: UUID
    title: str
    """The listing's."""
    count: int
    mine: bool


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """One batch of counts."""

    last: UUID | None
    """The last listing of the batch; none if there are no more."""
    mended: int


async def add(tx: Tx, *, member_id: UUID, listing_id: UUID) -> Hearts:
    """Puts the member's heart on a listing; it may be there already. What is reserved or sold can be loved as well.

    Raises:
        ListingNotFound: None, or not public.
        OwnListing: The member sells it.
    """
    seller_id, title, count, is_public = await _locked(tx, listing_id)
    if not is_public:
        raise ListingNotFound(listing_id=listing_id)
    if seller_id == member_id:
        raise OwnListing(listing_id=listing_id)
    heart = insert(Favourite).values(member_id=member_id, listing_id=listing_id, created_at=clock.now())
    added = await tx.scalar(heart.on_conflict_do_nothing().returning(Favourite.listing_id))
    if added is not None:
        count = await _count(tx, listing_id, 1)
    return Hearts(listing_id=listing_id, title=title, count=count, mine=True)


async def remove(tx: Tx, *, member_id: UUID, listing_id: UUID) -> Hearts:
    """Takes the member's heart off a listing, be there one or not; off one that was removed as well.

    Raises:
        ListingNotFound: None; or not public, and without the member's heart.
    """
    _, title, count, is_public = await _locked(tx, listing_id)
    heart = delete(Favourite).where(Favourite.member_id == member_id, Favourite.listing_id == listing_id)
    removed = await tx.scalar(heart.returning(Favourite.listing_id))
    if removed is not None:
        count = await _count(tx, listing_id, -1)
    elif not is_public:
        raise ListingNotFound(listing_id=listing_id)
    return Hearts(listing_id=listing_id, title=title, count=count, mine=False)


async def mend(tx: Tx, *, after: UUID | None = None, limit: int = BATCH) -> Looked:
    """Compares the counts of the next listings with their hearts, and puts right what differs.

    Only listings that differ are locked, in the order of their ids; what is written is counted under their locks.
    """
    page = select(Listing.id, Listing.favourites, _HEARTS).order_by(Listing.id).limit(limit)
    if after is not None:
        page = page.where(Listing.id > after)
    rows = (await tx.execute(page)).all()
    wrong = [id for id, kept, counted in rows if kept != counted]
    mended = 0
    if wrong:
        given = {"wrong": wrong}
        await tx.execute(_LOCK, given)  # whoever held one has committed now, and the next statement sees it
        mended = len((await tx.execute(_PUT_RIGHT, given)).all())
    return Looked(last=rows[-1].id if len(rows) == limit else None, mended=mended)


async def find_trends(tx: Tx, *, now: datetime) -> int:
    """Finds anew what is loved lately: hearts of two weeks, of which older ones count less, on what is for sale.

    Returns how many trend: none where nobody gave hearts.
    """
    await tx.execute(delete(Trend))
    days = timedelta(days=1).total_seconds()
    age = func.extract("epoch", literal(now) - Favourite.created_at)
    warmth = func.sum(func.power(0.5, cast(age, Float) / _HALVED_AFTER.total_seconds()))
    recent = (
        select(Favourite.listing_id, warmth.label("warmth"))
        .where(Favourite.created_at.between(now - LATELY, now))
        .group_by(Favourite.listing_id)
        .having(func.count() >= FEWEST)
        .subquery("recent")
    )
    weeks = cast(func.extract("epoch", literal(now) - Listing.published_at), Float) / (7 * days)
    score = recent.c.warmth / (1 + func.greatest(weeks, 0))  # the new before the old that are loved alike
    best = (
        select(recent.c.listing_id, score.label("score"))
        .join(Listing, Listing.id == recent.c.listing_id)
        .where(FOR_SALE)
        .order_by(score.desc(), recent.c.listing_id.desc())
        .limit(TRENDS)
    )
    written = insert(Trend).from_select(["listing_id", "score"], best).on_conflict_do_nothing()
    return len((await tx.execute(written.returning(Trend.listing_id))).all())


_IDS: Final = any_(bindparam("wrong", type_=ARRAY(Uuid())))
_HEARTS: Final = (
    select(func.count())
    .select_from(Favourite)
    .where(Favourite.listing_id == Listing.id)
    .correlate(Listing)
    .scalar_subquery()
)
_LOCK: Final = select(Listing.id).where(Listing.id == _IDS).order_by(Listing.id).with_for_update(key_share=True)
# A heart is no edit: `updated_at` stays.
_PUT_RIGHT: Final = (
    update(Listing)
    .where(Listing.id == _IDS, Listing.favourites != _HEARTS)
    .values(favourites=_HEARTS, updated_at=Listing.updated_at)
    .returning(Listing.id)
    .execution_options(synchronize_session=False)
)


async def _locked(tx: Tx, listing_id: UUID) -> tuple[UUID, str, int, bool]:
    """Whose it is, its title, its count, and whether it is public."""
    found = select(Listing.seller_id, Listing.title, Listing.favourites, PUBLIC).where(Listing.id == listing_id)
    row = (await tx.execute(found.with_for_update(key_share=True))).first()
    if row is None:
        raise ListingNotFound(listing_id=listing_id)
    seller_id, title, count, is_public = row
    return seller_id, title, count, is_public


async def _count(tx: Tx, listing_id: UUID, more: int) -> int:
    counted = (
        update(Listing)
        .where(Listing.id == listing_id)
        .values(favourites=func.greatest(Listing.favourites + more, 0), updated_at=Listing.updated_at)
        .returning(Listing.favourites)
        .execution_options(synchronize_session=False)
    )
    return (await tx.execute(counted)).scalar_one()
