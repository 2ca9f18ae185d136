"""Who does what is said once, and a mistake in it shows before anything runs."""

from datetime import timedelta

import pytest

from tests.core.database.jobs import shop
from tests.core.database.jobs.shop import Greet, Shop, Sold
from threadly.core.database import Database
from threadly.core.database.jobs import Handlers, Run
from threadly.core.database.jobs.handlers import LONGEST_NAME


async def ignore(_shop: Shop, _message: Greet | Sold, _run: Run) -> None:
    pass


def test_two_handlers_may_not_share_a_name() -> None:
    handlers = Handlers[Shop]()
    handlers.on(Sold, ignore, name="mail.sold")
    with pytest.raises(ValueError, match=r"Two handlers are called mail\.sold"):
        handlers.on(Sold, ignore, name="mail.sold")
    assert handlers.subscribers == {"shop.sold": ["mail.sold"]}


@pytest.mark.parametrize(
    ("case", "name", "accepted"),
    [
        ("the longest", "m" * LONGEST_NAME, True),
        ("one longer", "m" * (LONGEST_NAME + 1), False),
        ("a dash", "mail.offer-made", False),
        ("a line's end", "mail.sold\n", False),
        ("none", "", False),
    ],
)
def test_a_name_that_the_tables_would_refuse_is_refused_at_once(case: str, name: str, accepted: bool) -> None:
    handlers = Handlers[Shop]()
    if accepted:
        handlers.on(Sold, ignore, name=name)
        assert handlers.names == [name]
    else:
        with pytest.raises(ValueError, match="cannot be a name"):
            handlers.on(Sold, ignore, name=name)
        assert handlers.names == []
        assert handlers.subscribers == {}


def test_a_schedule_needs_a_handler_and_is_declared_once() -> None:
    handlers = Handlers[Shop]()
    with pytest.raises(ValueError, match=r"Nobody handles shop\.greet"):
        handlers.every(timedelta(hours=1), Greet(number=1))
    handlers.job(Greet, ignore)
    handlers.every(timedelta(hours=1), Greet(number=1))
    with pytest.raises(ValueError, match="scheduled twice"):
        handlers.every(timedelta(hours=2), Greet(number=1))
    assert list(handlers.schedules) == [(timedelta(hours=1), Greet(number=1))]


async def test_an_effect_that_is_asked_for_twice_happens_once(db: Database) -> None:
    handlers = Handlers[Shop]()
    handlers.once(Sold, shop.greeted, name="shop.congratulate")
    call = handlers["shop.congratulate"].call

    await call(Shop(db), Sold(number=7), Run(id=1, name="shop.congratulate", attempt=1))
    await call(Shop(db), Sold(number=7), Run(id=1, name="shop.congratulate", attempt=2))
    await call(Shop(db), Sold(number=8), Run(id=2, name="shop.congratulate", attempt=1))

    assert await shop.effects(db) == [("greeted", 7), ("greeted", 8)]
