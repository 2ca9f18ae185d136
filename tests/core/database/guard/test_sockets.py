"""Who speaks to another service within a transaction is overheard, by whatever library and in whatever thread."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

import httpx
import pytest
from redis.asyncio import Redis
from sqlalchemy import select

from tests.engines import EngineUrls
from tests.tls import tls_server
from threadly.core.database import Database, Tx
from threadly.core.database.guard import Refused, watched

Speaking: TypeAlias = Callable[[str, int], Awaitable[object]]
pytestmark = pytest.mark.usefixtures("on_guard")


@pytest.fixture
async def service() -> AsyncIterator[tuple[str, int]]:
    """Somebody who answers each line by a little of HTTP."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.readline():
            writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    yield host, port
    server.close()


async def over_http(host: str, port: int) -> None:
    async with httpx.AsyncClient() as client:
        await client.get(f"http://{host}:{port}/")


async def in_a_thread(host: str, port: int) -> None:
    def send() -> None:
        with socket.create_connection((host, port), timeout=20) as connection:
            connection.sendall(b"EHLO shop\r\n")

    await asyncio.to_thread(send)


async def by_a_task_of_its_own(host: str, port: int) -> None:
    await asyncio.create_task(over_http(host, port))


SPEAKING: list[Speaking] = [over_http, in_a_thread, by_a_task_of_its_own]


@pytest.mark.parametrize("speak", SPEAKING)
async def test_within_a_transaction_nobody_else_is_spoken_to(
    lamps: Database, service: tuple[str, int], speak: Speaking
) -> None:
    async def change(tx: Tx) -> None:
        await tx.execute(select(1))
        await speak(*service)

    with pytest.raises(Refused, match=f"speaks to 127.0.0.1:{service[1]} within a transaction"), watched():
        await lamps.run(change)


@pytest.mark.parametrize("speak", SPEAKING)
async def test_before_and_after_it_anybody_is(lamps: Database, service: tuple[str, int], speak: Speaking) -> None:
    async def change(tx: Tx) -> int:
        return await tx.scalar(select(1)) or 0

    with watched():
        await speak(*service)
        assert await lamps.run(change) == 1
        await speak(*service)


async def test_a_connection_that_was_there_before_is_overheard_too(lamps: Database, engine_urls: EngineUrls) -> None:
    async def count(tx: Tx, cache: Redis) -> None:
        await tx.execute(select(1))
        await cache.ping()

    cache = Redis.from_url(engine_urls.cache_url)
    await cache.ping()
    with pytest.raises(Refused, match="within a transaction"), watched():
        await lamps.run(count, cache)
    with watched():
        await cache.ping()
    await cache.aclose()


@pytest.mark.parametrize("how", ["sendall", "recv"])
async def test_an_encrypted_connection_that_was_there_before_is_overheard_too(
    lamps: Database, tmp_path: Path, how: str
) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE

    async with tls_server(30, tmp_path) as port:

        def connect() -> ssl.SSLSocket:
            plain = socket.create_connection(("127.0.0.1", port), timeout=20)
            return context.wrap_socket(plain)

        with await asyncio.to_thread(connect) as connection:
            connection.settimeout(0.1)

            def speak() -> None:
                with suppress(TimeoutError):
                    connection.sendall(b"hello") if how == "sendall" else connection.recv(1)

            async def change(tx: Tx) -> None:
                await tx.execute(select(1))
                await asyncio.to_thread(speak)

            with pytest.raises(Refused, match=f"speaks to 127.0.0.1:{port} within a transaction"), watched():
                await lamps.run(change)
            with watched():
                await asyncio.to_thread(speak)


async def test_a_thread_that_works_for_a_transaction_is_nobody_else(lamps: Database) -> None:
    async def change(tx: Tx) -> int:
        await tx.execute(select(1))
        return await asyncio.to_thread(sum, [1, 2])

    with watched():
        assert await lamps.run(change) == 3


async def test_a_failed_transaction_is_over(lamps: Database, service: tuple[str, int]) -> None:
    async def fail(tx: Tx) -> None:
        await tx.execute(select(1))
        raise LookupError

    with watched():
        with pytest.raises(LookupError):
            await lamps.run(fail)
        await over_http(*service)
