"""What sellers do with what they sell; and that whatever is refused changes nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import msgspec
import pytest
from sqlalchemy import select, update

from tests.conftest import CountStatements
from tests.making import THEN, a_member
from tests.marketplace.listings.selling import WHOLE, Seller, a_seller, a_size, count, prices, row, shown
from threadly.core import clock
from threadly.core.database import Database, Tx
from threadly.core.errors import FieldsRefused
from threadly.marketplace import listings
from threadly.marketplace.catalog import Brand, Condition
from threadly.marketplace.listings import (
    Changes,
    Listing,
    ListingChanged,
    ListingNotFound,
    ListingNotOver,
    ListingOfAnother,
    ListingOnSaleAlready,
    ListingRemoved,
    ListingSettled,
    ListingStatus,
    Standing,
)


async def settle(db: Database, id: UUID, status: ListingStatus) -> None:
    """Reserves or sells, as buying will."""
    sold_at = THEN if status is ListingStatus.SOLD else None

    async def change(tx: Tx) -> None:
        await tx.execute(update(Listing).where(Listing.id == id).values(status=status, sold_at=sold_at))

    await db.run(change)


async def test_a_draft_is_published_whole(db: Database) -> None:
    seller = await a_seller(db)
    before = clock.now()
    id = await seller.drafts()

    standing = await db.run(listings.publish, seller.id, id)

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
        await db.run(listings.publish, seller.id, id)

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


async def test_whatever_is_no_part_of_the_catalogue_is_refused(db: Database) -> None:
    seller = await a_seller(db)
    id = await seller.drafts()
    before, brands = await row(db, id), await count(db, Brand)
    wrong = Changes(
        category="women/clothing", size_id=uuid4(), colour="octarine", material="mithril", brand="A new brand"
    )

    with pytest.raises(FieldsRefused) as refused:
        await db.run(listings.edit, seller.id, id, wrong)

    assert {name: refusal.code for name, refusal in refused.value.refusals.items()} == {
        "category": "category_unknown",
        "size_id": "size_unknown",
        "colour": "colour_unknown",
        "material": "material_unknown",
    }
    assert await row(db, id) == before
    assert await count(db, Brand) == brands


async def test_a_size_belongs_to_the_category_also_when_only_one_of_them_changes(db: Database) -> None:
    seller = await a_seller(db)
    medium = await a_size(db, "letters", "M")
    id = await seller.drafts()
    await db.run(listings.edit, seller.id, id, Changes(size_id=medium))

    with pytest.raises(FieldsRefused) as refused:
        await db.run(listings.edit, seller.id, id, Changes(category="women/shoes/boots"))

    assert refused.value.refusals["size_id"].code == "size_of_other_category"
    await db.run(listings.edit, seller.id, id, Changes(category="women/shoes/boots", size_id=None))
    assert (await row(db, id))["size_id"] is None


async def test_a_brand_that_is_being_typed_is_known_to_nobody_until_it_is_on_sale(db: Database) -> None:
    seller = await a_seller(db)
    id, brands = await seller.drafts(), await count(db, Brand)

    for typed in ("N", "Nobod", "Nobody Yet"):
        await db.run(listings.edit, seller.id, id, Changes(brand=typed))
        await db.run(listings.rehearse, seller.id, id)
    draft = await row(db, id)
    assert (draft["brand_id"], draft["brand_name"], await count(db, Brand)) == (None, "Nobody Yet", brands)

    await db.run(listings.publish, seller.id, id)
    first = await row(db, id)
    assert (first["brand_name"], await count(db, Brand)) == (None, brands + 1)
    second = await row(db, await seller.sells(msgspec.structs.replace(WHOLE, brand="NOBODY YET")))
    assert second["brand_id"] == first["brand_id"]
    await db.run(listings.edit, seller.id, id, Changes(brand="Somebody New"))
    assert (await row(db, id))["brand_name"] is None
    assert await count(db, Brand) == brands + 2


async def test_a_removed_draft_is_listed_anew_with_the_brand_as_typed(db: Database) -> None:
    seller = await a_seller(db)
    id = await seller.drafts(Changes(brand="Nobody Yet"), pictures=0)
    await db.run(listings.remove, seller.id, id)

    copy = await db.run(listings.relist, seller.id, id)

    assert (await row(db, copy.id))["brand_name"] == "Nobody Yet"


async def test_unset_leaves_and_none_clears(db: Database) -> None:
    seller = await a_seller(db)
    id = await seller.drafts()

    await db.run(listings.edit, seller.id, id, Changes(brand=None, colour=None))

    listing = await row(db, id)
    assert (listing["brand_name"], listing["colour"], listing["material"]) == (None, None, "linen")


async def test_what_is_on_sale_stays_whole(db: Database) -> None:
    seller = await a_seller(db)
    id = await seller.sells()
    before = await row(db, id)

    for lack in (Changes(price_minor=None), Changes(category=None), Changes(title=""), Changes(condition=None)):
        with pytest.raises(FieldsRefused):
            await db.run(listings.edit, seller.id, id, lack)

    assert await row(db, id) == before
    assert await prices(db, id) == [24_50]


async def test_each_price_that_was_public_is_remembered(db: Database) -> None:
    seller = await a_seller(db)
    id = await seller.drafts()
    await db.run(listings.edit, seller.id, id, Changes(price_minor=30_00))
    await db.run(listings.publish, seller.id, id, Changes(price_minor=28_00))

    for price in (25_00, 25_00, 22_00):
        await db.run(listings.edit, seller.id, id, Changes(price_minor=price))
    await db.run(listings.edit, seller.id, id, Changes(title="Linen dress"))

    assert await prices(db, id) == [28_00, 25_00, 22_00]


@pytest.mark.parametrize(
    "statement",
    ["update listing_prices set price_minor = 1", "delete from listing_prices", "truncate listing_prices"],
)
async def test_prices_cannot_be_rewritten_not_even_by_hand(db: Database, database_url: str, statement: str) -> None:
    id = await (await a_seller(db)).sells()
    connection = await asyncpg.connect(database_url)

    with pytest.raises(asyncpg.RestrictViolationError, match="only grows"):
        await connection.execute(statement)

    await connection.close()
    assert await prices(db, id) == [24_50]


async def test_two_who_press_at_once_begin_one_draft(db: Database) -> None:
    seller = await a_seller(db)

    begun = await asyncio.gather(*(db.run(listings.draft, seller.id, currency="EUR") for _ in range(4)))

    assert len({standing.id for standing in begun}) == 1
    assert await count(db) == 1
    await db.run(listings.edit, seller.id, begun[0].id, Changes(title="A hat"))
    assert (await db.run(listings.draft, seller.id, currency="EUR")).id != begun[0].id


async def test_however_many_drafts_are_begun_at_once_with_facts_each_is_one(db: Database) -> None:
    seller = await a_seller(db)
    await db.run(listings.draft, seller.id, currency="EUR")

    begun = await asyncio.gather(
        *(db.run(listings.draft, seller.id, Changes(title=f"Hat {n}"), currency="EUR") for n in range(6))
    )

    assert [(await row(db, standing.id))["title"] for standing in begun] == [f"Hat {n}" for n in range(6)]
    assert await count(db) == 7


async def test_a_draft_that_is_refused_is_not_begun(db: Database) -> None:
    seller = await a_seller(db)

    with pytest.raises(FieldsRefused) as refused:
        await db.run(listings.draft, seller.id, Changes(title="A hat", colour="octarine"), currency="EUR")

    assert list(refused.value.refusals) == ["colour"]
    assert await count(db) == 0


async def test_two_who_publish_at_once_publish_once(db: Database) -> None:
    seller = await a_seller(db)
    id = await seller.drafts()
    version = (await row(db, id))["version"]
    last = Changes(title="A linen dress")

    standings = await asyncio.gather(
        *(db.run(listings.publish, seller.id, id, last, version=version) for _ in range(3))
    )

    assert len(set(map(str, standings))) == 1
    assert await prices(db, id) == [24_50]


async def test_who_saw_an_older_version_is_told_and_undoes_nothing(db: Database) -> None:
    seller = await a_seller(db)
    id = await seller.drafts()
    version = (await row(db, id))["version"]
    await db.run(listings.edit, seller.id, id, Changes(title="Said on the telephone"), version=version)
    before = await row(db, id)

    for act in (listings.edit, listings.publish, listings.rehearse):
        with pytest.raises(ListingChanged):
            await db.run(act, seller.id, id, Changes(title="Said on the desk"), version=version)

    assert await row(db, id) == before


async def test_a_rehearsal_saves_and_publishes_nothing(db: Database) -> None:
    seller = await a_seller(db)
    id = await seller.drafts()

    standing = await db.run(listings.rehearse, seller.id, id, Changes(title="A linen dress"))

    assert standing.status is ListingStatus.DRAFT
    assert (await row(db, id))["title"] == "A linen dress"
    assert await prices(db, id) == []


async def test_what_is_removed_comes_back_to_where_it_was(db: Database) -> None:
    seller = await a_seller(db)
    for id in (await seller.drafts(Changes(title="Half a draft"), pictures=0), await seller.sells()):
        before = await row(db, id)

        for _ in range(2):
            assert (await db.run(listings.remove, seller.id, id)).status is ListingStatus.REMOVED
        for _ in range(2):
            assert (await db.run(listings.restore, seller.id, id)).status is before["status"]

        after = await row(db, id)
        assert {**after, "updated_at": None} == {**before, "updated_at": None}


async def test_what_is_removed_is_not_edited(db: Database) -> None:
    seller = await a_seller(db)
    id = await seller.sells()
    await db.run(listings.remove, seller.id, id)
    before = await row(db, id)

    for act in (listings.edit, listings.publish):
        with pytest.raises(ListingRemoved):
            await db.run(act, seller.id, id, Changes(title="A hat"))

    assert await row(db, id) == before


@pytest.mark.parametrize("status", [ListingStatus.RESERVED, ListingStatus.SOLD])
async def test_what_is_reserved_or_sold_stays_as_it_is(db: Database, status: ListingStatus) -> None:
    seller = await a_seller(db)
    id = await seller.sells()
    await settle(db, id, status)
    before, pictures = await row(db, id), await shown(db, id)
    which: Any = {"seller_id": seller.id, "listing_id": id}
    acts: list[Callable[[], Awaitable[object]]] = [
        lambda: db.run(listings.edit, seller.id, id, Changes(price_minor=1)),
        lambda: db.run(listings.publish, seller.id, id),
        lambda: db.run(listings.remove, seller.id, id),
        lambda: db.run(listings.remove_picture, picture_id=pictures[0][1], **which),
        lambda: db.run(listings.order_pictures, order=[pictures[0][1]], **which),
        lambda: db.run(listings.describe_pictures, alts={pictures[0][1]: "A dress"}, **which),
    ]

    for act in acts:
        with pytest.raises(ListingSettled):
            await act()
    assert (await db.run(listings.restore, seller.id, id)).status is status

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
            lambda id: db.run(listings.edit, stranger.id, id, Changes(price_minor=1)),
            lambda id: db.run(listings.publish, stranger.id, id),
            lambda id: db.run(listings.remove, stranger.id, id),
            lambda id: db.run(listings.restore, stranger.id, id),
            lambda id: db.run(listings.relist, stranger.id, id),
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


async def test_what_is_over_can_be_listed_anew_once(db: Database) -> None:
    seller = await a_seller(db)
    id = await seller.sells(pictures=3)
    await settle(db, id, ListingStatus.SOLD)
    old = await row(db, id)

    begun = await asyncio.gather(*(db.run(listings.relist, seller.id, id) for _ in range(3)))

    (copy,) = {standing.id for standing in begun}
    new = await row(db, copy)
    same = ("title", "description", "price_minor", "currency", "category_id", "brand_id", "colour", "condition")
    assert {name: new[name] for name in same} == {name: old[name] for name in same}
    assert (new["status"], new["published_at"], new["sold_at"]) == (ListingStatus.DRAFT, None, None)
    assert await shown(db, copy) == await shown(db, id)
    assert await row(db, id) == old

    await db.run(listings.publish, seller.id, copy)
    assert (await db.run(listings.relist, seller.id, id)).id != copy


async def test_what_is_on_sale_is_not_listed_anew(db: Database) -> None:
    seller = await a_seller(db)
    id = await seller.sells()

    with pytest.raises(ListingNotOver):
        await db.run(listings.relist, seller.id, id)

    assert await count(db) == 1


async def test_a_copy_that_is_removed_gives_way_to_another_and_comes_back(db: Database) -> None:
    seller = await a_seller(db)
    id = await seller.sells()
    await db.run(listings.remove, seller.id, id)
    first = (await db.run(listings.relist, seller.id, id)).id
    await db.run(listings.remove, seller.id, first)
    second = (await db.run(listings.relist, seller.id, id)).id

    assert second != first
    assert (await db.run(listings.restore, seller.id, first)).status is ListingStatus.DRAFT


async def test_a_thing_that_was_listed_anew_is_on_sale_once(db: Database) -> None:
    seller = await a_seller(db)
    first = await seller.sells()
    await db.run(listings.remove, seller.id, first)
    copy = (await db.run(listings.relist, seller.id, first)).id
    await db.run(listings.publish, seller.id, copy)
    before = await row(db, first)

    with pytest.raises(ListingOnSaleAlready) as refusal:
        await db.run(listings.restore, seller.id, first)
    assert refusal.value.facts == {"listing_id": first, "other_id": copy}
    assert await row(db, first) == before

    await db.run(listings.remove, seller.id, copy)
    assert (await db.run(listings.restore, seller.id, first)).status is ListingStatus.AVAILABLE
    with pytest.raises(ListingOnSaleAlready):
        await db.run(listings.restore, seller.id, copy)
    assert (await row(db, copy))["status"] is ListingStatus.REMOVED


async def test_of_a_thing_and_its_copy_that_go_on_sale_at_once_one_does(db: Database) -> None:
    seller = await a_seller(db)
    for _ in range(5):
        first = await seller.sells()
        await db.run(listings.remove, seller.id, first)
        copy = (await db.run(listings.relist, seller.id, first)).id

        done = await asyncio.gather(
            db.run(listings.restore, seller.id, first),
            db.run(listings.publish, seller.id, copy),
            return_exceptions=True,
        )

        on_sale = [id for id in (first, copy) if (await row(db, id))["status"] is ListingStatus.AVAILABLE]
        assert len(on_sale) == 1
        assert {type(each) for each in done} == {Standing, ListingOnSaleAlready}


async def test_a_new_brand_is_added_with_the_listing_or_not_at_all(db: Database) -> None:
    seller = await a_seller(db)
    id = await seller.sells()

    await db.run(listings.edit, seller.id, id, Changes(brand="Ателие Роза"))

    async with db.read() as read:
        name = await read.scalar(select(Brand.name).join(Listing, Listing.brand_id == Brand.id).where(Listing.id == id))
    assert name == "Ателие Роза"


async def test_an_edit_is_a_handful_of_statements(db: Database, count_statements: CountStatements) -> None:
    seller = await a_seller(db)
    id = await seller.sells()

    changes = Changes(title="A linen dress", price_minor=20_00, condition=Condition.GOOD)

    assert await count_statements(db, db.run(listings.edit, seller.id, id, changes)) <= 6
    assert await count_statements(db, db.run(listings.edit, seller.id, id, WHOLE)) <= 9
