import time
from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest

from tests.engines import EngineUrls
from threadly.embedded import DatabaseExists, create_database, drop_database, with_database


@pytest.fixture
async def template(engine_urls: EngineUrls) -> AsyncIterator[str]:
    """A database with forty tables, to be cloned."""
    name = f"template {uuid4().hex}"
    connection = await asyncpg.connect(await create_database(engine_urls.database_url, name))
    for number in range(40):
        await connection.execute(f"create table t{number} (id int primary key, word text)")
        await connection.execute(f"insert into t{number} values (1, 'x')")
    await connection.close()
    yield name
    await drop_database(engine_urls.database_url, name)


async def test_a_clone_has_what_the_template_has_and_takes_under_a_tenth_of_a_second(
    engine_urls: EngineUrls, template: str
) -> None:
    took = []
    for _ in range(5):
        name = f"clone {uuid4().hex}"
        began = time.perf_counter()
        url = await create_database(engine_urls.database_url, name, template=template)
        took.append(time.perf_counter() - began)
        connection = await asyncpg.connect(url)
        assert await connection.fetchval("select word from t39") == "x"
        assert await connection.fetchval("select current_database()") == name
        await connection.close()
        await drop_database(engine_urls.database_url, name)
    assert min(took) < 0.1, took  # the best of five: other tests run beside this one


async def test_a_name_that_is_taken_is_refused_and_that_database_untouched(
    engine_urls: EngineUrls, template: str
) -> None:
    with pytest.raises(DatabaseExists, match=template):
        await create_database(engine_urls.database_url, template)
    connection = await asyncpg.connect(with_database(engine_urls.database_url, template))
    assert await connection.fetchval("select word from t0") == "x"
    await connection.close()


async def test_dropping_ends_the_sessions_in_it_and_again_is_harmless(engine_urls: EngineUrls) -> None:
    name = f"dropped_{uuid4().hex}"
    connection = await asyncpg.connect(await create_database(engine_urls.database_url, name))
    await drop_database(engine_urls.database_url, name)
    await drop_database(engine_urls.database_url, name)
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await connection.fetchval("select 1")
    connection.terminate()
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await asyncpg.connect(with_database(engine_urls.database_url, name))


@pytest.mark.parametrize("name", ['with "quotes"', "with ' and ; drop", "with/slash?and=query#", "рокля"])
async def test_any_name_is_only_a_name(engine_urls: EngineUrls, name: str) -> None:
    name = f"{name} {uuid4().hex[:8]}"
    connection = await asyncpg.connect(await create_database(engine_urls.database_url, name))
    assert await connection.fetchval("select current_database()") == name
    await connection.close()
    await drop_database(engine_urls.database_url, name)
