"""A small shop of lamps to look at."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import text

from tests.conftest import database_settings
from threadly.core.database import Database
from threadly.core.database.looking import Advice, Advised

ROWS = 10_000
_TABLES = f"""
CREATE TABLE makers (id int PRIMARY KEY, name text);
CREATE TABLE lamps (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, maker_id int CONSTRAINT fk_maker REFERENCES makers, name text,
    status text, price int, loud text GENERATED ALWAYS AS (upper(name)) STORED
);
INSERT INTO makers SELECT n, 'maker ' || n FROM generate_series(1, 500) n;
INSERT INTO lamps (maker_id, name, status, price)
    SELECT 1 + n % 500, 'lamp ' || n, CASE WHEN n % 100 = 0 THEN 'on' ELSE 'off' END, n % 1000
    FROM generate_series(1, {ROWS}) n;
ANALYZE
"""


@asynccontextmanager
async def a_shop(url: str) -> AsyncIterator[Database]:
    """With makers and lamps."""
    db = Database(database_settings(url))
    await do(db, *_TABLES.split(";"))
    yield db
    await db.close()


def of(found: Advised, code: str) -> list[Advice]:
    """The advice of one kind."""
    return [advice for advice in found.advice if advice.code == code]


async def do(db: Database, *statements: str, times: int = 1) -> None:
    """Runs each by itself, outside of a transaction, so often; what was counted is told at once."""
    async with db.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        for statement in statements:
            for _ in range(times):
                await connection.execute(text(statement))
            await connection.execute(text("SELECT pg_stat_force_next_flush()"))


async def ask(db: Database, sql: str) -> Any:  # noqa: ANN401 - the column's own type
    """The first column of the first row."""
    async with db.engine.connect() as connection:
        return await connection.scalar(text(sql))
