"""Pictures of a listing: at most ten, each once, in the order that the seller wants."""

import asyncio
from uuid import UUID, uuid4

import pytest

from tests.making import a_picture
from tests.marketplace.listings.selling import Seller, a_seller, shown
from threadly.core.database import Database, Tx
from threadly.core.errors import FieldsRefused
from threadly.marketplace import listings
from threadly.marketplace.listings import ListingPictureNotFound
from threadly.marketplace.media import Kept, PictureFiles, PictureNotFound


async def order(db: Database, id: UUID) -> list[UUID]:
    """The pictures in their order, which has no gaps."""
    rows = await shown(db, id)
    assert [position for position, _, _ in rows] == list(range(1, len(rows) + 1))
    return [picture for _, picture, _ in rows]


@pytest.fixture
async def seller(db: Database) -> Seller:
    return await a_seller(db)


async def test_the_eleventh_is_refused(db: Database, seller: Seller) -> None:
    id = await seller.drafts(pictures=10)
    before = await order(db, id)

    with pytest.raises(FieldsRefused) as refused:
        await db.run(listings.attach, seller.id, id, await seller.sends())

    assert refused.value.refusals["pictures"].code == "pictures_too_many"
    assert await order(db, id) == before


async def test_of_several_that_come_at_once_ten_find_room(db: Database, seller: Seller) -> None:
    id = await seller.drafts(pictures=7)
    pictures = [await seller.sends() for _ in range(6)]

    outcomes = await asyncio.gather(
        *(db.run(listings.attach, seller.id, id, picture) for picture in pictures), return_exceptions=True
    )

    assert sorted(outcome for outcome in outcomes if isinstance(outcome, int)) == [8, 9, 10]
    assert [type(outcome) for outcome in outcomes if not isinstance(outcome, int)] == [FieldsRefused] * 3
    assert len(await order(db, id)) == 10


async def test_a_picture_that_somebody_else_sent_is_not_shown(db: Database, seller: Seller) -> None:
    id, stranger = await seller.drafts(pictures=1), await a_seller(db)
    before = await order(db, id)

    for foreign in (await stranger.sends(), (await a_picture(db)).id, uuid4()):
        with pytest.raises(PictureNotFound):
            await db.run(listings.attach, seller.id, id, foreign)

    assert await order(db, id) == before


async def test_what_was_just_stored_is_shown(db: Database, seller: Seller) -> None:
    id = await seller.drafts(pictures=1)
    kept = Kept(name=uuid4().hex, width=640, height=800, placeholder="data:image/webp;base64,AA")

    async def stored(tx: Tx) -> None:
        tx.add(PictureFiles(name=kept.name))

    await db.run(stored)

    assert (await order(db, id))[1:] == []
    shown_now = await db.run(listings.show, seller.id, id, kept)
    assert (await order(db, id))[1:] == [shown_now]
    with pytest.raises(FieldsRefused):
        await db.run(listings.show, seller.id, id, kept)


async def test_the_same_picture_twice_is_refused(db: Database, seller: Seller) -> None:
    id = await seller.drafts(pictures=1)
    before = await order(db, id)

    with pytest.raises(FieldsRefused) as refused:
        await db.run(listings.attach, seller.id, id, before[0])

    assert refused.value.refusals["pictures"].code == "picture_repeated"
    assert await order(db, id) == before


async def test_what_is_taken_away_leaves_no_gap(db: Database, seller: Seller) -> None:
    id = await seller.sells(pictures=3)
    first, second, third = await order(db, id)

    assert await db.run(listings.detach, seller.id, id, second) == 2
    assert await order(db, id) == [first, third]


async def test_what_is_on_sale_keeps_its_last_picture_and_a_draft_need_not(db: Database, seller: Seller) -> None:
    on_sale, draft = await seller.sells(pictures=1), await seller.drafts(pictures=1)
    (last,) = before = await order(db, on_sale)

    with pytest.raises(FieldsRefused) as refused:
        await db.run(listings.detach, seller.id, on_sale, last)

    assert refused.value.refusals["pictures"].code == "pictures_too_few"
    assert await order(db, on_sale) == before
    await db.run(listings.detach, seller.id, draft, (await order(db, draft))[0])
    assert await order(db, draft) == []


async def test_the_order_is_what_the_seller_says(db: Database, seller: Seller) -> None:
    id = await seller.drafts(pictures=3)
    wanted = (await order(db, id))[::-1]

    await db.run(listings.arrange, seller.id, id, wanted)

    assert await order(db, id) == wanted


async def test_an_order_that_is_no_permutation_is_refused(db: Database, seller: Seller) -> None:
    id, other = await seller.drafts(pictures=3), await seller.drafts(pictures=1)
    before = await order(db, id)
    one, two, three = before
    (foreign,) = await order(db, other)

    for wrong in ([], [one, two], [one, two, two], [one, two, three, three], [one, two, foreign], [one, two, uuid4()]):
        with pytest.raises(FieldsRefused) as refused:
            await db.run(listings.arrange, seller.id, id, wrong)
        assert refused.value.refusals["order"].code == "order_incomplete"

    assert await order(db, id) == before


async def test_those_who_arrange_and_take_away_at_once_leave_it_whole(db: Database, seller: Seller) -> None:
    id = await seller.drafts(pictures=5)
    before = await order(db, id)

    await asyncio.gather(
        db.run(listings.arrange, seller.id, id, before[::-1]),
        db.run(listings.detach, seller.id, id, before[0]),
        db.run(listings.detach, seller.id, id, before[4]),
        db.run(listings.describe, seller.id, id, {before[2]: "The back"}),
        return_exceptions=True,
    )

    assert set(await order(db, id)) == set(before[1:4])


async def test_a_picture_of_another_listing_is_none_of_this_one(db: Database, seller: Seller) -> None:
    id, other = await seller.drafts(pictures=2), await seller.drafts(pictures=1)
    (foreign,) = await order(db, other)
    before = await shown(db, id)

    with pytest.raises(ListingPictureNotFound):
        await db.run(listings.detach, seller.id, id, foreign)
    with pytest.raises(ListingPictureNotFound):
        await db.run(listings.describe, seller.id, id, {foreign: "Mine"})

    assert await shown(db, id) == before
    assert len(await order(db, other)) == 1


async def test_words_for_pictures_are_kept_all_or_none(db: Database, seller: Seller) -> None:
    id = await seller.drafts(pictures=2)
    one, two = await order(db, id)
    await db.run(listings.describe, seller.id, id, {one: "Отпред"})

    with pytest.raises(FieldsRefused) as refused:
        await db.run(listings.describe, seller.id, id, {one: "The front", two: "x" * 101})

    assert {name: refusal.code for name, refusal in refused.value.refusals.items()} == {f"alt-{two}": "alt_too_long"}
    assert [alt for _, _, alt in await shown(db, id)] == ["Отпред", ""]
