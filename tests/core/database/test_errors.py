"""What PostgreSQL and the driver say is told as what a caller can do about it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.conftest import database_settings
from threadly.core.database import (
    Database,
    DatabaseContended,
    DatabaseFull,
    DatabaseMissing,
    DatabaseNotForUs,
    DatabaseReadOnly,
    DatabaseTooSlow,
    DatabaseUnavailable,
    Tx,
)
from threadly.core.database.errors import Trouble, constraint_of, reason_of, told, trouble_of


@pytest.mark.parametrize(
    ("sqlstate", "kind"),
    [
        ("08006", DatabaseUnavailable),
        ("25006", DatabaseReadOnly),
        ("40001", DatabaseContended),
        ("40P01", DatabaseContended),
        ("53100", DatabaseFull),
        ("53200", DatabaseFull),
        ("53300", DatabaseUnavailable),
        ("53400", DatabaseFull),
        ("55P03", DatabaseTooSlow),
        ("57014", DatabaseTooSlow),
        ("57P01", DatabaseUnavailable),
        ("57P03", DatabaseUnavailable),
        ("58000", DatabaseUnavailable),
        ("58030", DatabaseFull),
    ],
)
async def test_what_may_do_later_is_a_typed_refusal(db: Database, sqlstate: str, kind: type[Exception]) -> None:
    with pytest.raises(DatabaseUnavailable) as refused:
        await db.run(_raise, sqlstate)
    assert type(refused.value) is kind
    assert refused.value.status == 503
    assert refused.value.retry_after_seconds


@pytest.mark.parametrize("sqlstate", ["0A000", "22008", "23505", "40000", "40003", "42P01", "55000", "P0001"])
async def test_what_is_wrong_in_itself_stays_what_it_is(db: Database, sqlstate: str) -> None:
    with pytest.raises(DBAPIError) as refused:
        await db.run(_raise, sqlstate)
    assert trouble_of(refused.value) is None


@pytest.mark.parametrize(
    ("kind", "code", "url"),
    [
        (DatabaseNotForUs, "28P01", lambda url: url.replace("threadly_serving:", "threadly_serving:not")),
        (DatabaseMissing, "3D000", lambda url: urlsplit(url)._replace(path="/nowhere").geturl()),
    ],
)
async def test_a_server_that_does_not_let_us_in_is_told_as_such(
    database_url: str, kind: type[DatabaseUnavailable], code: str, url: Callable[[str], str]
) -> None:
    db = Database(database_settings(url(database_url)))
    with pytest.raises(DatabaseUnavailable) as ran:
        await db.run(_raise, "P0001")
    with pytest.raises(DatabaseUnavailable) as read:
        async with db.read():
            pass
    for refusal in (ran, read):
        assert type(refusal.value) is kind
        assert refusal.value.status == 503
        assert reason_of(refusal.value) == code
    assert db.pool.checkedout() == 0
    await db.close()


@pytest.mark.parametrize("sqlstate", ["28000", "3D000"])
async def test_the_same_of_a_statement_is_wrong_with_the_statement(db: Database, sqlstate: str) -> None:
    with pytest.raises(DBAPIError):
        await db.run(_raise, sqlstate)


@pytest.mark.parametrize(
    ("case", "statement", "constraint"),
    [
        ("broken", "INSERT INTO lamps VALUES (-1)", "lamps_are_there"),
        ("of no constraint", "INSERT INTO lamps VALUES (NULL)", None),
        ("of no row", "SELECT nothing", None),
    ],
)
async def test_the_constraint_that_was_broken_is_named_by_sqlalchemy_and_by_the_driver(
    owner: Database, case: str, statement: str, constraint: str | None
) -> None:
    create = "CREATE TEMPORARY TABLE lamps (number int NOT NULL CONSTRAINT lamps_are_there CHECK (number > 0))"
    async with owner.engine.connect() as connection:
        await connection.execute(text(create))
        await connection.commit()
        with pytest.raises(DBAPIError) as wrapped:
            await connection.execute(text(statement))
        await connection.rollback()
        lent: Any = await connection.get_raw_connection()
        with pytest.raises(asyncpg.PostgresError) as driver_s:
            await lent.driver_connection.execute(statement)
    assert [constraint_of(refusal.value) for refusal in (wrapped, driver_s)] == [constraint] * 2, case
    assert constraint_of(ValueError(case)) is None


async def _raise(tx: Tx, sqlstate: str) -> None:
    await tx.execute(text(f"DO $$ BEGIN RAISE 'No' USING ERRCODE = '{sqlstate}'; END $$"))


@pytest.mark.parametrize(
    ("failure", "trouble"),
    [
        (TimeoutError(), Trouble.SILENT),
        (ConnectionResetError(), Trouble.LOST),
        (asyncpg.InternalClientError("crossed"), Trouble.LOST),
        (asyncpg.ConnectionDoesNotExistError("closed"), Trouble.LOST),
        (asyncpg.InvalidCachedStatementError("changed"), Trouble.OUTDATED),
        (asyncpg.FeatureNotSupportedError("cannot"), None),
        (ValueError("no"), None),
    ],
)
def test_the_driver_s_own_failures_are_understood(failure: Exception, trouble: Trouble | None) -> None:
    assert trouble_of(failure) is trouble


def test_each_trouble_has_a_refusal_and_each_refusal_a_code_of_its_own() -> None:
    codes = {told(trouble).code for trouble in Trouble}
    assert codes == {
        "database_unavailable",
        "database_too_slow",
        "database_contended",
        "database_full",
        "database_read_only",
        "database_not_for_us",
        "database_missing",
    }
