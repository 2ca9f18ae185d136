"""Trouble with the database is waited out and told of once; defects are not hidden."""

import asyncio

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError

from tests.conftest import Lines
from tests.core.database.jobs import shop
from tests.core.database.jobs.working import working
from threadly.core.database import Database, DatabaseUnavailable
from threadly.core.database.jobs import Handlers
from threadly.core.database.jobs.outages import Outages


async def lost() -> str:
    raise DatabaseUnavailable


async def there() -> str:
    return "there"


async def test_trouble_and_its_end_are_told_of_once(lines: Lines) -> None:
    outages = Outages()
    assert [await outages.attempt(step) for step in (there, lost, lost, there, there)] == [
        "there",
        None,
        None,
        "there",
        "there",
    ]
    assert [line["event"] for line in lines] == [
        "The worker has lost the database; it keeps trying.",
        "The worker has its database again.",
    ]
    assert lines[0]["failure"] == "DatabaseUnavailable"


async def test_it_says_why(lines: Lines) -> None:
    async def refused() -> str:
        raise DatabaseUnavailable from asyncpg.InvalidPasswordError("with a secret")

    assert await Outages().attempt(refused) is None
    assert lines[0]["failure"] == "28P01"
    assert "secret" not in repr(lines)


async def test_what_was_asked_before_the_database_came_back_tells_of_no_new_outage(lines: Lines) -> None:
    outages, is_back = Outages(), asyncio.Event()

    async def late() -> str:
        await is_back.wait()
        raise DatabaseUnavailable

    asked = asyncio.create_task(outages.attempt(late))
    await asyncio.sleep(0)
    assert await outages.attempt(lost) is None
    assert await outages.attempt(there) == "there"
    is_back.set()
    await asked
    assert await outages.attempt(there) == "there"
    assert [line["event"] for line in lines] == [
        "The worker has lost the database; it keeps trying.",
        "The worker has its database again.",
    ]


async def test_a_step_is_made_again_until_a_defect_ends_it() -> None:
    steps = 0

    async def step() -> None:
        nonlocal steps
        steps += 1
        if steps == 2:
            raise DatabaseUnavailable
        if steps == 4:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await Outages().again(step, 0)
    assert steps == 4


@pytest.mark.parametrize(
    ("sqlstate", "is_trouble"),
    [
        ("08006", True),
        ("0A000", False),
        ("22008", False),
        ("23514", False),
        ("25006", True),
        ("42P01", False),
        ("53100", True),
        ("55P03", True),
        ("57014", True),
        ("58030", True),
    ],
)
async def test_only_what_may_pass_is_waited_out(db: Database, sqlstate: str, is_trouble: bool) -> None:
    outages = Outages()

    async def refused() -> int:
        return await shop.change(db, f"DO $$ BEGIN RAISE 'No' USING ERRCODE = '{sqlstate}'; END $$")

    if is_trouble:
        assert await outages.attempt(refused) is None
    else:
        with pytest.raises(DBAPIError):
            await outages.attempt(refused)


async def test_a_worker_that_is_stopped_during_an_outage_does_not_claim_that_it_is_over(
    db: Database, lines: Lines
) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"

    async def it_knows() -> bool:
        return any("has lost the database" in line["event"] for line in lines)

    async with working(db, nowhere, Handlers[shop.Shop]()):
        await shop.eventually(it_knows, within=60)
    assert [line["event"] for line in lines if "has its database again" in line["event"]] == []
