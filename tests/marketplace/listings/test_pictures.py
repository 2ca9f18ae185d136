"""Pictures of a listing: at most ten, each once, in the order that the seller wants."""

import asyncio
from typing import Any, Literal
from uuid import UUID, uuid4

import pytest

from tests.marketplace.listings.selling import Seller, a_seller, shown
from threadly.core.database import Database
from threadly.core.errors import FieldsRefused
from threadly.marketplace import listings
from threadly.marketplace.listings import ListingPictureNotFound
from threadly.marketplace.media import Kept, PicturesBusy


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
        await db.run(listings.add_picture, seller_id=seller.id, listing_id=id, kept=await seller.sends())

    assert refused.value.refusals["pictures"].code == "pictures_too_many"
    assert await order(db, id) == before


async def test_of_several_that_come_at_once_ten_find_room(db: Database, seller: Seller) -> None:
    id = await seller.drafts(pictures=7)
    pictures = [await seller.sends() for _ in range(6)]

    outcomes = await asyncio.gather(
        *(db.run(listings.add_picture, seller_id=seller.id, listing_id=id, kept=kept) for kept in pictures),
        return_exceptions=True,
    )

    added = {outcome for outcome in outcomes if isinstance(outcome, UUID)}
    assert [type(outcome) for outcome in outcomes if not isinstance(outcome, UUID)] == [FieldsRefused] * 3
    assert set((await order(db, id))[7:]) == added


async def test_what_was_just_stored_is_shown_once(db: Database, seller: Seller) -> None:
    id, kept = await seller.drafts(pictures=1), await seller.sends()

    shown_now = await db.run(listings.add_picture, seller_id=seller.id, listing_id=id, kept=kept)
    before = await order(db, id)
    with pytest.raises(FieldsRefused) as refused:
        await db.run(listings.add_picture, seller_id=seller.id, listing_id=id, kept=kept)

    assert refused.value.refusals["pictures"].code == "picture_repeated"
    assert before[1:] == [shown_now]
    assert await order(db, id) == before


async def test_what_nobody_has_stored_is_not_shown(db: Database, seller: Seller) -> None:
    id = await seller.drafts(pictures=0)
    kept = Kept(name=uuid4().hex, width=640, height=800, placeholder="data:image/webp;base64,AA")

    with pytest.raises(PicturesBusy):
        await db.run(listings.add_picture, seller_id=seller.id, listing_id=id, kept=kept)

    assert await order(db, id) == []


async def test_what_is_taken_away_leaves_no_gap(db: Database, seller: Seller) -> None:
    id = await seller.sells(pictures=3)
    first, second, third = await order(db, id)

    assert await db.run(listings.remove_picture, seller_id=seller.id, listing_id=id, picture_id=second) == 2
    assert await order(db, id) == [first, third]


async def test_what_is_on_sale_keeps_its_last_picture_and_a_draft_need_not(db: Database, seller: Seller) -> None:
    on_sale, draft = await seller.sells(pictures=1), await seller.drafts(pictures=1)
    (last,) = before = await order(db, on_sale)

    with pytest.raises(FieldsRefused) as refused:
        await db.run(listings.remove_picture, seller_id=seller.id, listing_id=on_sale, picture_id=last)

    assert refused.value.refusals["pictures"].code == "pictures_too_few"
    assert await order(db, on_sale) == before
    (only,) = await order(db, draft)
    await db.run(listings.remove_picture, seller_id=seller.id, listing_id=draft, picture_id=only)
    assert await order(db, draft) == []


async def test_the_order_is_what_the_seller_says(db: Database, seller: Seller) -> None:
    id = await seller.drafts(pictures=3)
    wanted = (await order(db, id))[::-1]

    await db.run(listings.order_pictures, seller_id=seller.id, listing_id=id, order=wanted)

    assert await order(db, id) == wanted


async def test_a_picture_moves_a_place_at_a_time_and_no_further_than_the_ends(db: Database, seller: Seller) -> None:
    id = await seller.drafts(pictures=3)
    one, two, three = await order(db, id)
    steps: list[tuple[UUID, Literal[-1, 1], list[UUID]]] = [
        (three, -1, [one, three, two]),
        (three, -1, [three, one, two]),
        (three, -1, [three, one, two]),
        (one, 1, [three, two, one]),
        (one, 1, [three, two, one]),
    ]

    for picture, by, then in steps:
        await db.run(listings.move_picture, seller_id=seller.id, listing_id=id, picture_id=picture, by=by)
        assert await order(db, id) == then


async def test_a_picture_that_is_moved_several_times_at_once_moves_as_often(db: Database, seller: Seller) -> None:
    id = await seller.drafts(pictures=8)
    before = await order(db, id)

    which: Any = {"seller_id": seller.id, "listing_id": id, "picture_id": before[0]}

    await asyncio.gather(*(db.run(listings.move_picture, by=1, **which) for _ in range(7)))

    assert await order(db, id) == [*before[1:], before[0]]


async def test_an_order_that_is_no_permutation_is_refused(db: Database, seller: Seller) -> None:
    id, other = await seller.drafts(pictures=3), await seller.drafts(pictures=1)
    before = await order(db, id)
    one, two, three = before
    (foreign,) = await order(db, other)

    for wrong in ([], [one, two], [one, two, two], [one, two, three, three], [one, two, foreign], [one, two, uuid4()]):
        with pytest.raises(FieldsRefused) as refused:
            await db.run(listings.order_pictures, seller_id=seller.id, listing_id=id, order=wrong)
        assert refused.value.refusals["order"].code == "order_incomplete"

    assert await order(db, id) == before


async def test_those_who_arrange_and_take_away_at_once_leave_it_whole(db: Database, seller: Seller) -> None:
    id = await seller.drafts(pictures=5)
    before = await order(db, id)

    await asyncio.gather(
        db.run(listings.order_pictures, seller_id=seller.id, listing_id=id, order=before[::-1]),
        db.run(listings.remove_picture, seller_id=seller.id, listing_id=id, picture_id=before[0]),
        db.run(listings.remove_picture, seller_id=seller.id, listing_id=id, picture_id=before[4]),
        db.run(listings.describe_pictures, seller_id=seller.id, listing_id=id, alts={before[2]: "The back"}),
        return_exceptions=True,
    )

    assert set(await order(db, id)) == set(before[1:4])


async def test_a_picture_of_another_listing_is_none_of_this_one(db: Database, seller: Seller) -> None:
    id, other = await seller.drafts(pictures=2), await seller.drafts(pictures=1)
    (foreign,) = await order(db, other)
    before = await shown(db, id)

    with pytest.raises(ListingPictureNotFound):
        await db.run(listings.remove_picture, seller_id=seller.id, listing_id=id, picture_id=foreign)
    with pytest.raises(ListingPictureNotFound):
        await db.run(listings.move_picture, seller_id=seller.id, listing_id=id, picture_id=foreign, by=-1)
    with pytest.raises(ListingPictureNotFound):
        await db.run(listings.describe_pictures, seller_id=seller.id, listing_id=id, alts={foreign: "Mine"})

    assert await shown(db, id) == before
    assert len(await order(db, other)) == 1


async def test_words_for_pictures_are_kept_all_or_none(db: Database, seller: Seller) -> None:
    id = await seller.drafts(pictures=2)
    one, two = await order(db, id)
    await db.run(listings.describe_pictures, seller_id=seller.id, listing_id=id, alts={one: "Отпред"})

    alts = {one: "The front", two: "x" * 101}

    with pytest.raises(FieldsRefused) as refused:
        await db.run(listings.describe_pictures, seller_id=seller.id, listing_id=id, alts=alts)

    assert {name: refusal.code for name, refusal in refused.value.refusals.items()} == {f"alt-{two}": "alt_too_long"}
    assert [alt for _, _, alt in await shown(db, id)] == ["Отпред", ""]
