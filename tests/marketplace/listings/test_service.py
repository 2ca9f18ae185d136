"""What sellers do with what they sell; and that whatever is refused changes nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from tests.making import a_member
from tests.marketplace.listings.selling import WHOLE, Seller, a_seller, count, prices, row, settle, shown
from threadly.core import clock
from threadly.core.database import Database
from threadly.core.errors import FieldsRefused
from threadly.marketplace import listings
from threadly.marketplace.catalog import Brand
from threadly.marketplace.listings import Changes, ListingNotFound, ListingOfAnother, ListingSettled, ListingStatus


async def test_a_draft_is_published_whole(db: Database) -> None:
    seller = await a_seller(db)
    before = clock.now()
    id = await seller.drafts()

    standing = await db.run(listings.publish, seller_id=seller.id, listing_id=id)

    assert standing.status is ListingStatus.AVAILABLE
    listing = await row(db, id)
    assert (listing["title"], listing["price_minor"], listing["currency"]) == ("Linen summer dress", 24_50, "EUR")
    assert before <= listing["published_at"] <= clock.now()
    assert await prices(db, id) == [24_50]


async def test_an_empty_draft_tells_all_that_it_lacks_and_stays(db: Database) -> None:
    seller = await a_seller(db)
    id = await seller.drafts(Changes(), pictures=0)
    before = await row(db, id)

    with pytest.raises(FieldsRefused) as refused:
        await db.run(listings.publish, seller_id=seller.id, listing_id=id)

    assert {name: refusal.code for name, refusal in refused.value.refusals.items()} == {
        "pictures": "pictures_too_few",
        "title": "title_too_short",
        "description": "description_too_short",
        "category": "category_missing",
        "condition": "condition_missing",
        "price_minor": "price_missing",
    }
    assert await row(db, id) == before
    assert await prices(db, id) == []


async def test_a_brand_that_is_being_typed_is_known_to_nobody_until_it_is_on_sale(db: Database) -> None:
    seller = await a_seller(db)
    id, brands = await seller.drafts(), await count(db, Brand)

    for typed in ("N", "Nobod", "Nobody Yet"):
        await db.run(listings.edit, Changes(brand=typed), seller_id=seller.id, listing_id=id)
        await db.run(listings.rehearse, seller_id=seller.id, listing_id=id)
    draft = await row(db, id)
    assert (draft["brand_id"], draft["brand_name"], await count(db, Brand)) == (None, "Nobody Yet", brands)

    await db.run(listings.publish, seller_id=seller.id, listing_id=id)
    first = await row(db, id)
    assert (first["brand_name"], await count(db, Brand)) == (None, brands + 1)
    second = await row(db, await seller.sells(msgspec.structs.replace(WHOLE, brand="NOBODY YET")))
    assert second["brand_id"] == first["brand_id"]
    await db.run(listings.edit, Changes(brand="Somebody New"), seller_id=seller.id, listing_id=id)
    assert (await row(db, id))["brand_name"] is None
    assert await count(db, Brand) == brands + 2


async def test_two_who_press_at_once_begin_one_draft(db: Database) -> None:
    seller = await a_seller(db)

    begun = await asyncio.gather(*(db.run(listings.draft, seller_id=seller.id, currency="EUR") for _ in range(4)))

    assert len({standing.id for standing in begun}) == 1
    assert await count(db) == 1
    await db.run(listings.edit, Changes(title="A hat"), seller_id=seller.id, listing_id=begun[0].id)
    assert (await db.run(listings.draft, seller_id=seller.id, currency="EUR")).id != begun[0].id


async def test_however_many_drafts_are_begun_at_once_with_facts_each_is_one(db: Database) -> None:
    seller = await a_seller(db)
    await db.run(listings.draft, seller_id=seller.id, currency="EUR")

    begun = await asyncio.gather(
        *(db.run(listings.draft, Changes(title=f"Hat {n}"), seller_id=seller.id, currency="EUR") for n in range(6))
    )

    assert [(await row(db, standing.id))["title"] for standing in begun] == [f"Hat {n}" for n in range(6)]
    assert await count(db) == 7


async def test_a_draft_that_is_refused_is_not_begun(db: Database) -> None:
    seller = await a_seller(db)

    with pytest.raises(FieldsRefused) as refused:
        await db.run(listings.draft, Changes(title="A hat", colour="octarine"), seller_id=seller.id, currency="EUR")

    assert list(refused.value.refusals) == ["colour"]
    assert await count(db) == 0


async def test_two_who_publish_at_once_publish_once(db: Database) -> None:
    seller = await a_seller(db)
    id = await seller.drafts()
    version = (await row(db, id))["version"]
    last = Changes(title="A linen dress")

    standings = await asyncio.gather(
        *(db.run(listings.publish, last, seller_id=seller.id, listing_id=id, version=version) for _ in range(3))
    )

    assert len(set(map(str, standings))) == 1
    assert await prices(db, id) == [24_50]


async def test_a_rehearsal_saves_and_publishes_nothing(db: Database) -> None:
    seller = await a_seller(db)
    id = await seller.drafts()

    standing = await db.run(listings.rehearse, Changes(title="A linen dress"), seller_id=seller.id, listing_id=id)

    assert standing.status is ListingStatus.DRAFT
    assert (await row(db, id))["title"] == "A linen dress"
    assert await prices(db, id) == []


@pytest.mark.parametrize("status", [ListingStatus.RESERVED, ListingStatus.SOLD])
async def test_what_is_reserved_or_sold_stays_as_it_is(db: Database, status: ListingStatus) -> None:
    seller = await a_seller(db)
    id = await seller.sells()
    await settle(db, id, status)
    before, pictures = await row(db, id), await shown(db, id)
    which: Any = {"seller_id": seller.id, "listing_id": id}
    acts: list[Callable[[], Awaitable[object]]] = [
        lambda: db.run(listings.edit, Changes(price_minor=1), seller_id=seller.id, listing_id=id),
        lambda: db.run(listings.publish, seller_id=seller.id, listing_id=id),
        lambda: db.run(listings.remove, seller_id=seller.id, listing_id=id),
        lambda: db.run(listings.remove_picture, picture_id=pictures[0][1], **which),
        lambda: db.run(listings.order_pictures, order=[pictures[0][1]], **which),
        lambda: db.run(listings.describe_pictures, alts={pictures[0][1]: "A dress"}, **which),
    ]

    for act in acts:
        with pytest.raises(ListingSettled):
            await act()
    assert (await db.run(listings.restore, seller_id=seller.id, listing_id=id)).status is status

    assert await row(db, id) == before
    assert await shown(db, id) == pictures
    assert await prices(db, id) == [24_50]


async def test_nobody_touches_what_is_anothers(db: Database) -> None:
    seller = await a_seller(db)
    stranger = Seller(db, (await a_member(db)).id)
    drafted, sold = await seller.drafts(), await seller.sells()
    before = [await row(db, id) for id in (drafted, sold)]
    (picture,) = await shown(db, sold)
    kept = await stranger.sends()

    def who(id: UUID) -> Any:  # noqa: ANN401 - arguments by name
        return {"seller_id": stranger.id, "listing_id": id}

    for id, refusal in ((drafted, ListingNotFound), (sold, ListingOfAnother), (uuid4(), ListingNotFound)):
        acts: list[Callable[[UUID], Awaitable[object]]] = [
            lambda id: db.run(listings.edit, Changes(price_minor=1), seller_id=stranger.id, listing_id=id),
            lambda id: db.run(listings.publish, seller_id=stranger.id, listing_id=id),
            lambda id: db.run(listings.remove, seller_id=stranger.id, listing_id=id),
            lambda id: db.run(listings.restore, seller_id=stranger.id, listing_id=id),
            lambda id: db.run(listings.relist, seller_id=stranger.id, listing_id=id),
            lambda id: db.run(listings.add_picture, kept=kept, **who(id)),
            lambda id: db.run(listings.remove_picture, picture_id=picture[1], **who(id)),
            lambda id: db.run(listings.move_picture, picture_id=picture[1], by=1, **who(id)),
            lambda id: db.run(listings.order_pictures, order=[picture[1]], **who(id)),
            lambda id: db.run(listings.describe_pictures, alts={picture[1]: "Mine"}, **who(id)),
        ]
        for act in acts:
            with pytest.raises(refusal):
                await act(id)

    assert [await row(db, id) for id in (drafted, sold)] == before
    assert await shown(db, sold) == [picture]
    assert await count(db) == 2
