"""Looks are counted once a visitor and day, in however many processes they happen; and nobody can tell who looked."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from tests.conftest import CountStatements
from tests.marketplace.listings.looking import MORNING, looked, views
from tests.marketplace.listings.selling import Seller, a_seller
from threadly.core.database import Database
from threadly.core.keys import Key, KeyRing
from threadly.marketplace.listings import ListingView, audience
from threadly.marketplace.listings.audience import HEADS, Audience

SECRET = b"0123456789abcdef" * 2


@pytest.fixture
async def seller(db: Database) -> Seller:
    return await a_seller(db)


async def test_a_visitor_counts_once_a_day(db: Database, seller: Seller) -> None:
    id = await seller.sells()
    looks = Audience(KeyRing.of(SECRET))
    for who, at in (
        ("192.0.2.7", MORNING),
        ("192.0.2.7", MORNING + timedelta(hours=10)),
        ("192.0.2.7", MORNING + timedelta(days=1)),
        ("192.0.2.8", MORNING),
    ):
        looked(looks, id, who, at)
        await db.run(audience.count, looks.take())

    assert await views(db, id) == 3


async def test_two_processes_that_saw_the_same_count_it_once(db: Database, seller: Seller) -> None:
    ids = [await seller.sells() for _ in range(3)]
    one, other = Audience(KeyRing.of(SECRET)), Audience(KeyRing.of(SECRET))
    for number in range(40):
        looked(one, ids[number % 3], f"192.0.2.{number}")
        looked(other, ids[-number % 3], f"192.0.2.{number}")

    batches = [one.take(), other.take()]
    await asyncio.gather(*(db.run(audience.count, batch) for batch in batches for _ in range(3)))

    seen = {(look.listing_id, look.visitor) for batch in batches for look in batch}
    assert sum([await views(db, id) for id in ids]) == len(seen)


@pytest.mark.parametrize(
    ("case", "addresses"),
    [("one address", ["192.0.2.7"]), ("one line's addresses", [f"2001:db8:1:2::{n:x}" for n in range(150)])],
)
async def test_made_up_browsers_count_as_a_household_at_most(
    db: Database, seller: Seller, case: str, addresses: list[str]
) -> None:
    id = await seller.sells()
    workers = Audience(KeyRing.of(SECRET)), Audience(KeyRing.of(SECRET))
    for number in range(150):
        address = addresses[number % len(addresses)]
        workers[number % 2].saw(id, address=address, agent=f"Browser/{number}", at=MORNING)
    for worker in workers:
        await db.run(audience.count, worker.take())
    assert await views(db, id) == HEADS, case

    looked(workers[0], id, "2001:db8:1:3::1")
    await db.run(audience.count, workers[0].take())
    assert await views(db, id) == HEADS + 1


async def test_looks_are_counted_in_one_statement(
    db: Database, seller: Seller, count_statements: CountStatements
) -> None:
    id = await seller.sells()
    looks = Audience(KeyRing.of(SECRET))
    for number in range(100):
        looked(looks, id, f"192.0.2.{number}")

    assert await count_statements(db, db.run(audience.count, looks.take())) == 1
    assert await views(db, id) == 100


async def test_a_look_at_nothing_counts_nothing_and_hurts_nobody(db: Database, seller: Seller) -> None:
    id = await seller.sells()
    looks = Audience(KeyRing.of(SECRET))
    looked(looks, uuid4())
    looked(looks, id)

    await db.run(audience.count, looks.take())

    assert await views(db, id) == 1


def test_a_new_key_makes_nobody_another_within_a_day_and_everybody_on_the_next() -> None:
    id, old = uuid4(), Key(SECRET)
    new = Key(b"newer" * 8, MORNING.replace(microsecond=0))
    digests = []
    for at in (MORNING + timedelta(hours=2), MORNING + timedelta(days=1)):
        for ring in (KeyRing([old]), KeyRing([old, new])):
            looks = Audience(ring)
            looked(looks, id, at=at)
            digests.append(looks.take()[0].visitor)
    assert digests[0] == digests[1]
    assert digests[2] != digests[3]


def test_what_is_kept_tells_nobody_who_looked() -> None:
    id = uuid4()
    digests = set()
    for secret, at in ((SECRET, MORNING), (SECRET, MORNING + timedelta(days=1)), (b"another" * 5, MORNING)):
        looks = Audience(KeyRing.of(secret))
        looked(looks, id, at=at)
        (look,) = looks.take()
        assert len(look.visitor) == 16
        assert b"192" not in look.visitor
        digests.add(look.visitor)

    assert len(digests) == 3


def test_what_finds_no_room_is_dropped_and_counted() -> None:
    looks = Audience(KeyRing.of(SECRET), most=10)
    for number in range(25):
        looked(looks, uuid4(), f"192.0.2.{number}")

    assert (len(looks), looks.dropped) == (10, 15)
    looks.put_back(looks.take() * 2)
    assert (len(looks), looks.dropped) == (10, 15)


async def test_days_gone_by_are_forgotten_and_their_looks_stay_counted(db: Database, seller: Seller) -> None:
    id = await seller.sells()
    looks = Audience(KeyRing.of(SECRET))
    for days in range(5):
        looked(looks, id, at=MORNING - timedelta(days=days))
    await db.run(audience.count, looks.take())

    assert await db.run(audience.forget, today=MORNING.date()) == 2
    assert await db.run(audience.forget, today=MORNING.date()) == 0

    async with db.read() as read:
        oldest, kept = (await read.execute(select(func.min(ListingView.day), func.count()))).one()
    assert oldest == MORNING.date() - timedelta(days=2)
    assert kept == 3
    assert await views(db, id) == 5
