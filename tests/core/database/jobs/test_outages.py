"""Trouble with the database is waited out and told of once; defects are not hidden."""

import pytest

from threadly.core.database import DatabaseUnavailable
from threadly.core.database.jobs.outages import Outages


async def lost() -> str:
    raise DatabaseUnavailable


async def there() -> str:
    return "there"


async def test_trouble_and_its_end_are_told_of_once(caplog: pytest.LogCaptureFixture) -> None:
    outages = Outages()
    assert [await outages.attempt(step) for step in (there, lost, lost, there, there)] == [
        "there",
        None,
        None,
        "there",
        "there",
    ]
    assert [record.getMessage() for record in caplog.records] == [
        "The worker has lost the database (DatabaseUnavailable); it keeps trying.",
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
