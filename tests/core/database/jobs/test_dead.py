"""Dead letters are listed, tried again, or thrown away."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.core.database.jobs import shop
from tests.core.database.jobs.shop import Greet
from threadly.core.database import Database
from threadly.core.database.jobs import (
    Backlog,
    backlog,
    discard,
    hand_on_again,
    letters,
    queue,
    refused_messages,
    revive,
    revive_some,
)
from threadly.core.database.jobs.queue import Claimed, Failure


async def claim(db: Database) -> list[Claimed]:
    return await db.run(queue.claim, worker="w1", names=["shop.greet"], lease=timedelta(seconds=60), most=10)


@pytest.fixture
async def dead(db: Database) -> list[int]:
    """Three dead letters, by id."""
    await shop.enqueue(db, *(Greet(number=number) for number in range(3)))
    await db.run(queue.relay, subscribers={})
    jobs = await claim(db)
    await db.run(queue.fail, [Failure(job.id, job.attempt, "oops", None) for job in jobs], worker="w1")
    return [job.id for job in jobs]


async def test_letters_come_newest_first_in_pages(db: Database, dead: list[int]) -> None:
    async with db.read() as read:
        first = await letters(read, limit=2)
        rest = await letters(read, before=first[-1].id)
    assert [letter.id for letter in [*first, *rest]] == dead[::-1]
    assert {(letter.name, letter.last_error, letter.attempts) for letter in first} == {("shop.greet", "oops", 1)}


async def test_a_letter_that_is_retried_starts_anew(db: Database, dead: list[int]) -> None:
    assert await db.run(revive, dead[1])
    assert [(job.id, job.attempt) for job in await claim(db)] == [(dead[1], 1)]
    async with db.read() as read:
        assert [letter.id for letter in await letters(read)] == [dead[2], dead[0]]


async def test_all_letters_of_a_name_are_retried_oldest_first_some_at_a_time(db: Database, dead: list[int]) -> None:
    assert await db.run(revive_some, name="shop.other") == 0
    assert await db.run(revive_some, name="shop.greet", limit=2) == 2
    async with db.read() as read:
        assert [letter.id for letter in await letters(read, name="shop.greet")] == [dead[2]]
        assert await letters(read, name="shop.other") == []
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    assert await db.run(revive_some, died_until=long_ago) == 0
    assert await db.run(revive_some) == 1
    assert [job.attempt for job in await claim(db)] == [1, 1, 1]


async def test_messages_that_were_refused_are_listed_and_handed_on_again(db: Database) -> None:
    await shop.enqueue(db, *(Greet(number=number) for number in range(3)))
    await shop.change(db, "UPDATE outbox SET refusal = '23514 greetings' WHERE payload ->> 'number' <> '1'")
    async with db.read() as read:
        first = await refused_messages(read, limit=1)
        rest = await refused_messages(read, after=first[0].position)
    assert [(message.name, message.refusal) for message in [*first, *rest]] == [("shop.greet", "23514 greetings")] * 2
    assert await db.run(hand_on_again) == 2
    assert await db.run(hand_on_again) == 0
    await db.run(queue.relay, subscribers={})
    assert [job.payload for job in await claim(db)] == ['{"number": 0}', '{"number": 1}', '{"number": 2}']


async def test_a_letter_that_is_discarded_is_gone(db: Database, dead: list[int]) -> None:
    assert await db.run(discard, dead[0])
    assert not await db.run(discard, dead[0])
    assert await shop.count(db, "jobs") == 2


async def test_a_job_that_lives_is_neither_retried_nor_discarded(db: Database, dead: list[int]) -> None:
    await db.run(revive, dead[0])
    before = await shop.count(db, "jobs WHERE dead_at IS NULL")
    assert not await db.run(revive, dead[0])
    assert not await db.run(discard, dead[0])
    assert await shop.count(db, "jobs WHERE dead_at IS NULL") == before == 1


async def test_the_backlog_counts_all(db: Database, dead: list[int]) -> None:
    await db.run(revive, dead[0])
    await claim(db)
    await db.run(revive, dead[1])
    await shop.change(db, "UPDATE jobs SET due_at = now() - interval '9 seconds' WHERE id = :id", id=dead[1])
    async with db.read() as read:
        found = await backlog(read)
    assert (found.waiting, found.running, found.dead) == (1, 1, 1)
    assert 9 <= found.late_seconds < 30


async def test_an_empty_backlog_is_not_late(db: Database) -> None:
    async with db.read() as read:
        assert await backlog(read) == Backlog(waiting=0, running=0, dead=0, late_seconds=0, refused=0)
