"""A member, seen by others."""

from datetime import timedelta

import pytest

from tests.conftest import CountStatements
from tests.making import THEN, a_listing, a_member, a_picture
from threadly.core.database import CursorRejected, Cursors, Database
from threadly.core.keys import KeyRing
from threadly.marketplace import storefront
from threadly.marketplace.listings import ListingStatus
from threadly.marketplace.members import MemberNotFound
from threadly.marketplace.storefront import Rail

CURSORS = Cursors(KeyRing.of(b"c" * 32))


async def every_page(db: Database, member_id: object, rail: Rail) -> list[str]:
    """The titles on a rail, page by page."""
    found: list[str] = []
    after: str | None = None
    while True:
        async with db.read() as read:
            page = await storefront.rail(read, member_id, rail, CURSORS, after=after)  # type: ignore[arg-type]
        found += [card.title for card in page.items]
        after = page.next
        if after is None:
            return found


async def test_a_profile_tells_who_it_is_and_how_much_they_sell(
    db: Database, count_statements: CountStatements
) -> None:
    avatar = await a_picture(db)
    mila = await a_member(db, username="Mila_K", bio="Linen only.", avatar_id=avatar.id, joined_at=THEN)
    await a_listing(db, seller_id=mila.id, favourites=2)
    await a_listing(db, seller_id=mila.id, status=ListingStatus.RESERVED)
    await a_listing(db, seller_id=mila.id, status=ListingStatus.SOLD, sold_at=THEN, favourites=3)
    await a_listing(db, seller_id=mila.id, status=ListingStatus.REMOVED, removed_at=THEN, favourites=4)
    await a_listing(db, seller_id=mila.id, status=ListingStatus.DRAFT, published_at=None)
    await a_listing(db)
    found: list[storefront.Profile] = []

    async def look() -> None:
        async with db.read() as read:
            found.append(await storefront.profile(read, "mila_k"))

    assert await count_statements(db, look()) == 1
    [profile] = found
    assert (profile.id, profile.username, profile.bio, profile.place) == (mila.id, "Mila_K", "Linen only.", "Sofia")
    assert (profile.selling, profile.sold, profile.hearts, profile.joined_at) == (2, 1, 5, THEN)
    assert profile.avatar is not None
    assert profile.avatar.name == avatar.name


async def test_a_name_that_nobody_has_is_not_found(db: Database) -> None:
    async with db.read() as read:
        with pytest.raises(MemberNotFound):
            await storefront.profile(read, "nobody")


async def test_what_a_member_sells_and_has_sold_is_all_there_in_order(db: Database) -> None:
    seller = await a_member(db)
    for number in range(60):
        moment = THEN + timedelta(hours=number // 2)
        sold = number % 2 == 1
        await a_listing(
            db,
            title=f"No. {number:02}",
            seller_id=seller.id,
            pictures=0,
            status=ListingStatus.SOLD if sold else ListingStatus.AVAILABLE,
            published_at=THEN if sold else moment,
            sold_at=moment if sold else None,
        )
    await a_listing(db, title="Of another")

    assert await every_page(db, seller.id, Rail.SELLING) == [f"No. {number:02}" for number in range(58, -1, -2)]
    assert await every_page(db, seller.id, Rail.SOLD) == [f"No. {number:02}" for number in range(59, 0, -2)]


async def test_a_marker_belongs_to_one_rail(db: Database) -> None:
    seller = await a_member(db)
    for _ in range(25):
        await a_listing(db, seller_id=seller.id, pictures=0)
    async with db.read() as read:
        page = await storefront.rail(read, seller.id, Rail.SELLING, CURSORS)
        with pytest.raises(CursorRejected):
            await storefront.rail(read, seller.id, Rail.SOLD, CURSORS, after=page.next)
