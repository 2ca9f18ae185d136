"""What an exception says is told without the values that it says it about."""

import time
from datetime import datetime

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.core.observability.errors.failing import caught
from threadly.core.database import Database, Tx
from threadly.core.observability.scrubbing.exceptions import text_of


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (caught(int, "hunter2"), "invalid literal for int() with base 10: '…'"),
        (caught(datetime.fromisoformat, "12 Mill Lane"), "Invalid isoformat string: '…'"),
        (caught(open, "/pictures/anna 1.jpg"), "[Errno 2] No such file or directory: '…'"),
        (caught(open, "/srv/shop-1/ab12.webp"), "[Errno 2] No such file or directory: '/srv/shop-1/ab12.webp'"),
        (caught(getattr, object(), "size2"), "'object' object has no attribute 'size2'"),
        (
            ConnectionRefusedError(111, "Connect call failed ('10.0.0.7', 5432)"),
            "[Errno 111] Connect call failed ('10.0.0.7', 5432)",
        ),
        (caught(b"\xff".decode), "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"),
        (asyncpg.UndefinedTableError('relation "looks_2" does not exist'), 'relation "looks_2" does not exist'),
        (asyncpg.InvalidCatalogNameError('database "shop2" does not exist'), 'database "shop2" does not exist'),
        (asyncpg.InvalidPasswordError('password … failed for user "web2"'), 'password … failed for user "web2"'),
        (asyncpg.PostgresSyntaxError('syntax error at or near "hunter2"'), 'syntax error at or near "…"'),
        (caught({}.__getitem__, "hunter2"), "'…'"),
        (caught({}.__getitem__, "shelf"), "'shelf'"),
        (caught(getattr, None, "price"), "'NoneType' object has no attribute 'price'"),
        (ValueError("it isn't 5 o'clock, don't you see"), "it isn't 5 o'clock, don't you see"),
        (ValueError('said "12 Mill Lane" and "ok"'), 'said "…" and "ok"'),
        (ValueError("of anna@example.org, by card 4111 1111 1111 1111"), "of [e-mail], by card [card]"),
        (KeyError("Bob's pass hunter2"), '"…"'),
        (ValueError(f"bad {b'hunter2 geheim'!r}"), "bad '…'"),
        (ValueError("bad '12 O\"Brien Lane'"), "bad '…'"),
        (ValueError("'O'Brien 12 Mill Lane' is bad"), "'…' is bad"),
        (ValueError("bad '" + "12 Mill Lane " * 40 + "'"), "bad '…'"),
        (ValueError("bad '12 Mill Lane\nHaworth'"), "bad '…'"),
        (ValueError("bad '12 Mill Lane"), "bad '…'"),
        (ValueError("“12 Mill Lane”, „12“, «12», `12`"), "“…”, „…“, «…», `…`"),
        (ValueError("of name'hunter2 abc'x"), "of name'…'"),
        (ValueError('of name"hunter2 abc"x'), 'of name"…"'),
        (ValueError("of name“12 Mill Lane”x"), "of name“…”x"),
        (ValueError("the members' 12, Bob's 2: we're 5"), "the members' 12, Bob's 2: we're 5"),
        (ValueError(), ""),
    ],
)
def test_what_stands_in_quotes_is_told_only_if_it_can_be_a_name(failure: BaseException, told: str) -> None:
    assert text_of(failure) == told


@pytest.mark.parametrize("text", ["'x" * 100_000, "' " * 100_000 + "\\", "'" + "\\" * 100_001, "“" * 100_000])
def test_quotes_without_end_are_read_in_a_moment(text: str) -> None:
    began = time.perf_counter()
    text_of(ValueError(text))
    assert time.perf_counter() - began < 5  # 0.1 on a quiet machine; were it quadratic, minutes


def test_one_that_cannot_be_read_hides_nothing_else() -> None:
    class Unreadable(Exception):
        def __str__(self) -> str:
            raise RuntimeError("no text")

    assert text_of(Unreadable()) == "its text cannot be read"


STATEMENTS = {
    "unique": "INSERT INTO inbox VALUES ('x', :value, now()), ('x', :value, now())",
    "check": "INSERT INTO outbox (kind, name, payload) VALUES (:value, 'n', '{}')",
    "data": "SELECT CAST(CAST(:value AS text) AS integer)",
    "json": "SELECT CAST(CAST(:value AS text) AS jsonb)",
}


@pytest.mark.parametrize("how", STATEMENTS)
async def test_of_what_postgresql_says_of_values_only_the_code_and_names_are_told(db: Database, how: str) -> None:
    async def refused(tx: Tx) -> None:
        await tx.execute(text(STATEMENTS[how]), {"value": "12 Mill Lane"})

    with pytest.raises(DBAPIError) as refusal:
        await db.run(refused)
    driver = refusal.value.orig.__cause__ if refusal.value.orig else None
    assert isinstance(driver, asyncpg.PostgresError)
    assert "Mill" in str(driver)
    for failure in (refusal.value, refusal.value.orig, driver):
        assert failure is not None
        told = text_of(failure)
        assert "Mill" not in told
        assert told.startswith(f"PostgreSQL refused ({driver.sqlstate}")
    constraint = driver.as_dict().get("constraint_name")
    assert constraint is None or f"constraint_name={constraint}" in text_of(refusal.value)


async def test_what_it_says_of_names_stays(db: Database) -> None:
    async def refused(tx: Tx) -> None:
        await tx.execute(text("SELECT * FROM nowhere"))

    with pytest.raises(DBAPIError) as refusal:
        await db.run(refused)
    assert 'relation "nowhere" does not exist' in text_of(refusal.value)
