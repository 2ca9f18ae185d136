"""Files of addresses: as full as they may be, each address in one of them."""

from tests.making import THEN, a_listing, a_member
from threadly.core.database import Database
from threadly.marketplace import storefront
from threadly.marketplace.listings import ListingStatus
from threadly.marketplace.storefront import Told


async def test_files_begin_where_those_before_are_full(db: Database) -> None:
    for _ in range(7):
        await a_listing(db, pictures=0)
    async with db.read() as read:
        begin = await storefront.firsts(read, Told.LISTINGS, most=3)
        files = [await storefront.entries(read, Told.LISTINGS, first=first, limit=3) for first in begin]

    assert [len(file) for file in files] == [3, 3, 1]
    assert len({entry.id for file in files for entry in file}) == 7


async def test_reading_goes_on_after_what_was_read(db: Database) -> None:
    for _ in range(5):
        await a_listing(db, pictures=0)
    async with db.read() as read:
        [first] = await storefront.firsts(read, Told.LISTINGS)
        begun = await storefront.entries(read, Told.LISTINGS, first=first, limit=2)
        rest = await storefront.entries(read, Told.LISTINGS, first=first, after=begun[-1].id, limit=10)

    assert len({entry.id for entry in (*begun, *rest)}) == len(begun) + len(rest) == 5


async def test_only_members_who_sell_and_things_that_can_be_had_are_told(db: Database) -> None:
    seller = await a_member(db, username="mila")
    sold = await a_listing(db, status=ListingStatus.SOLD, sold_at=THEN)
    there = await a_listing(db, seller_id=seller.id)
    async with db.read() as read:
        [first_listing] = await storefront.firsts(read, Told.LISTINGS)
        [first_member] = await storefront.firsts(read, Told.MEMBERS)
        listings = await storefront.entries(read, Told.LISTINGS, first=first_listing)
        members = await storefront.entries(read, Told.MEMBERS, first=first_member)

    assert [(entry.name, entry.changed_at) for entry in listings] == [(str(there.id), there.updated_at)]
    assert [entry.name for entry in members] == ["mila"]
    assert sold.id not in {entry.id for entry in listings}


async def test_an_empty_shop_has_no_files(db: Database) -> None:
    async with db.read() as read:
        assert [await storefront.firsts(read, told) for told in Told] == [[], []]
