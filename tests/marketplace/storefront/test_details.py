"""One listing whole, and none that the public must not see."""

from uuid import uuid4

import pytest

from tests.conftest import CountStatements
from tests.making import THEN, a_brand, a_listing, a_member, a_picture
from threadly.core.database import Database
from threadly.marketplace import favourites, storefront
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


async def test_whoever_looks_sees_whether_the_heart_is_theirs(db: Database) -> None:
    made, me, they = await a_listing(db), await a_member(db), await a_member(db)
    await db.run(favourites.add, member_id=me.id, listing_id=made.id)

    async with db.read() as read:
        seen = [await storefront.listing(read, made.id, seen_by=who) for who in (None, me.id, they.id)]

    assert [(found.favourites, found.is_loved) for found in seen] == [(1, False), (1, True), (1, False)]


async def test_similar_things_are_of_the_same_leaf_and_cost_half_to_twice_as_much(
    db: Database, count_statements: CountStatements
) -> None:
    made = await a_listing(db, price_minor=10_01)
    for price in (5_00, 5_01, 20_02, 20_03):
        await a_listing(db, title=str(price), price_minor=price)
    await a_listing(db, category="women/shoes/boots", price_minor=10_01)
    await a_listing(db, price_minor=10_01, status=ListingStatus.SOLD, sold_at=THEN)
    found: list[str] = []

    async def look() -> None:
        async with db.read() as read:
            detail = await storefront.listing(read, made.id)
            found.extend(card.title for card in await storefront.similar(read, detail))

    assert await count_statements(db, look()) == 3
    assert found == ["501", "2002"]


async def test_the_same_maker_s_things_come_first_and_six_are_enough(db: Database) -> None:
    brand = await a_brand(db, "Levi's")
    made = await a_listing(db, price_minor=100_00, brand_id=brand.id)
    for more in range(1, 9):
        await a_listing(db, title=f"Dearer by {more}", price_minor=100_00 + more)
        await a_listing(db, title=f"Cheaper by {more}", price_minor=100_00 - more)
    await a_listing(db, title="The maker's", price_minor=100_09, brand_id=brand.id)

    async with db.read() as read:
        found = [card.title for card in await storefront.similar(read, await storefront.listing(read, made.id))]

    assert found[0] == "The maker's"
    assert len(found) == 6
    assert {title.rpartition(" ")[2] for title in found[1:]} == {"1", "2", "3"}
