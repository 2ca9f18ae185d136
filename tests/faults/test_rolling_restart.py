"""Two servers behind a proxy, restarted one after the other, while people go on asking: nobody loses a request."""

import asyncio
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from typing import Final

from tests.faults.balancer import Balancer, started
from tests.marketplace.media.elsewhere import variables
from threadly.core.database import Database
from threadly.settings import Settings

PATHS: Final = ("/livez", "/api/v1/categories", "/api/v1/listings", "/sign-in")
NOT_READY: Final = "PT1S"


async def test_a_rolling_restart_of_two_servers_loses_no_request(settings: Settings, db: Database) -> None:
    environment = {**variables(settings), "THREADLY_OBSERVABILITY__HEALTH__NOT_READY": NOT_READY}
    with ExitStack() as alive:
        async with Balancer().running() as balancer:
            old = await asyncio.gather(*(started(alive, environment, balancer) for _ in range(2)))
            async with asked_all_the_time(balancer.port) as answers:
                for server in old:
                    fresh = await started(alive, environment, balancer)
                    code, _ = await asyncio.to_thread(server[0].told, signal.SIGTERM, 20)
                    assert code == 0
                    assert not balancer.servers.pop(server[1]).is_ready
                    assert balancer.servers[fresh[1]].is_ready
                async with asyncio.timeout(20):
                    while min(server.answered for server in balancer.servers.values()) <= 10:  # noqa: ASYNC110 - it counts
                        await asyncio.sleep(0.05)

    assert balancer.lost == []
    assert set(answers) == {"kept 200", "new 200"}, answers
    assert min(answers.values()) > 50, answers


@asynccontextmanager
async def asked_all_the_time(port: int) -> AsyncIterator[Counter[str]]:
    """Some ask on one connection, and some on a new one each time; how each was answered is counted."""
    answers = Counter[str]()
    stop = asyncio.Event()
    askers = [asyncio.create_task(ask(port, answers, stop, keeps=keeps)) for keeps in (True, True, False, False)]
    try:
        yield answers
    finally:
        stop.set()
        await asyncio.gather(*askers)


async def ask(port: int, answers: Counter[str], stop: asyncio.Event, *, keeps: bool) -> None:
    connection = None
    number = 0
    while not stop.is_set():
        number += 1
        began = time.monotonic()
        if connection is None:
            connection = await asyncio.open_connection("127.0.0.1", port)
        reader, writer = connection
        writer.write(f"GET {PATHS[number % len(PATHS)]} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        await reader.readexactly(length)
        answers[f"{'kept' if keeps else 'new'} {head[9:12].decode()}"] += 1
        if not keeps:
            writer.close()
            connection = None
        await asyncio.sleep(max(0.02 - (time.monotonic() - began), 0))
    if connection is not None:
        connection[1].close()
