"""A card has all that its row holds."""

import pytest

from tests.making import THEN, a_brand, a_listing, a_member
from threadly.core.database import Cursors, Database
from threadly.core.keys import KeyRing
from threadly.marketplace import favourites, storefront
from threadly.marketplace.listings import ListingStatus
from threadly.marketplace.storefront import Rail, Wanted

CURSORS = Cursors(KeyRing.of(b"c" * 32))


async def test_a_card_tells_its_hearts_its_maker_and_its_picture(db: Database) -> None:
    brand, member = await a_brand(db, "Levi's"), await a_member(db)
    made = await a_listing(db, brand_id=brand.id, pictures=2)
    await db.run(favourites.add, member_id=member.id, listing_id=made.id)
    async with db.read() as read:
        [card] = (await storefront.cards(read, Wanted(), CURSORS)).items

    assert (card.id, card.title, card.brand, card.size) == (made.id, made.title, "Levi's", None)
    assert (card.status, card.favourites) == (ListingStatus.AVAILABLE, 1)
    assert card.picture is not None
    assert card.picture.alt == "View 1"


@pytest.mark.parametrize("status", [ListingStatus.RESERVED, ListingStatus.SOLD])
async def test_a_card_tells_whether_the_thing_can_still_be_had(db: Database, status: ListingStatus) -> None:
    sold_at = THEN if status is ListingStatus.SOLD else None
    made = await a_listing(db, status=status, sold_at=sold_at, pictures=0)
    rail = Rail.SOLD if status is ListingStatus.SOLD else Rail.SELLING
    async with db.read() as read:
        [card] = (await storefront.rail(read, made.seller_id, rail, CURSORS)).items

    assert (card.status, card.picture) == (status, None)
