"""One listing whole, and none that the public must not see."""

from uuid import uuid4

import pytest

from tests.conftest import CountStatements
from tests.making import THEN, a_brand, a_listing, a_member, a_picture
from threadly.core.database import Database
from threadly.marketplace import storefront
from threadly.marketplace.listings import ListingNotFound, ListingStatus


async def test_a_listing_tells_all_that_is_known_of_it(db: Database) -> None:
    avatar = await a_picture(db)
    seller = await a_member(db, username="mila", display_name="Мила É", place="Sofia", avatar_id=avatar.id)
    brand = await a_brand(db, "Levi's")
    made = await a_listing(db, seller_id=seller.id, brand_id=brand.id, pictures=3)

    async with db.read() as read:
        found = await storefront.listing(read, made.id)

    assert (found.id, found.title, found.brand, found.price_minor) == (made.id, made.title, "Levi's", made.price_minor)
    assert [step.path for step in found.categories] == ["women", "women/clothing", "women/clothing/dresses"]
    assert [photo.alt for photo in found.pictures] == ["View 1", "View 2", "View 3"]
    assert (found.seller.username, found.seller.place) == ("mila", "Sofia")
    assert found.seller.avatar is not None
    assert found.seller.avatar.name == avatar.name
    assert (found.size, found.colour, found.material, found.sold_at) == (None, None, None, None)


@pytest.mark.parametrize("status", [ListingStatus.AVAILABLE, ListingStatus.RESERVED, ListingStatus.SOLD])
async def test_what_was_for_sale_stays_to_be_seen(db: Database, status: ListingStatus) -> None:
    made = await a_listing(db, status=status, sold_at=THEN if status is ListingStatus.SOLD else None)

    async with db.read() as read:
        assert (await storefront.listing(read, made.id)).status is status


async def test_drafts_removed_listings_and_unknown_ids_are_not_found_alike(db: Database) -> None:
    draft = await a_listing(db, status=ListingStatus.DRAFT, published_at=None)
    removed = await a_listing(db, status=ListingStatus.REMOVED, removed_at=THEN)

    for id in (draft.id, removed.id, uuid4()):
        async with db.read() as read:
            with pytest.raises(ListingNotFound) as refusal:
                await storefront.listing(read, id)
        assert refusal.value.facts == {"listing_id": id}


async def test_a_listing_is_two_statements(db: Database, count_statements: CountStatements) -> None:
    made = await a_listing(db)

    async def look() -> None:
        async with db.read() as read:
            await storefront.listing(read, made.id)

    assert await count_statements(db, look()) == 2
