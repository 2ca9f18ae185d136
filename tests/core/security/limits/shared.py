"""Workers that share limits: each with a client and a limiter of its own, in this process or in another."""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from threadly.core.security.limits import Asked, Limit, Limiter, Sharing, ValkeyStore


class Counting:
    """A client that counts its calls."""

    def __init__(self, url: str, patience: float = 30.0) -> None:
        self.redis = Redis.from_url(url, socket_timeout=patience, socket_connect_timeout=patience)
        self.calls = 0

    async def execute_command(self, *arguments: Any) -> Any:  # noqa: ANN401
        self.calls += 1
        return await self.redis.execute_command(*arguments)  # type: ignore[no-untyped-call]


class Worker:
    """One of several."""

    def __init__(self, url: str, prefix: str, workers: int, patience: float, skew: float, looks: float) -> None:
        self.client = Counting(url, patience)
        self.limiter = Limiter(
            ValkeyStore(self.client, prefix=prefix),
            workers=workers,
            patience_seconds=patience,
            looks_seconds=looks,
            most_keys=10_000,
            clock=lambda: time.monotonic() + skew,
        )

    async def lets_in(self, *asked: Asked) -> bool:
        """Whether a request under these limits may go on."""
        return not (await self.limiter.spend(*asked)).is_refused


@asynccontextmanager
async def workers(
    url: str, prefix: str, count: int, *, patience: float = 30.0, skew: float = 0.0, looks: float = 0.2
) -> AsyncIterator[list[Worker]]:
    """So many, which look after their store, for the length of the block."""
    async with AsyncExitStack() as living:
        made = [Worker(url, prefix, count, patience, skew, looks) for _ in range(count)]
        for worker in made:
            living.push_async_callback(worker.client.redis.aclose)
            await living.enter_async_context(worker.limiter.running())
        yield made


async def _flood(url: str, prefix: str, sharing: str, tries: int, skew: float, seconds: float) -> list[float]:
    """When, by the server's clock, which all share, eight tasks were let in."""
    limit = Limit("flood", 100, seconds, sharing=Sharing(sharing))
    async with workers(url, prefix, 1, skew=skew) as (worker,):
        let_in: list[float] = []

        async def ask() -> None:
            for _ in range(tries):
                if await worker.lets_in(Asked(limit, "somebody")):
                    let_in.append(time.time())
                await asyncio.sleep(0.005)

        await asyncio.gather(*(ask() for _ in range(8)))
        return let_in


async def flood(
    url: str, prefix: str, sharing: Sharing, *, skews: list[float], tries: int, seconds: float
) -> list[float]:
    """When processes with these clocks were let in, eight tasks in each; in order."""
    processes = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, str(Path(__file__)), url, prefix, sharing, str(tries), str(skew), str(seconds)),
            stdout=asyncio.subprocess.PIPE,
        )
        for skew in skews
    ]
    told = await asyncio.gather(*(process.communicate() for process in processes))
    assert [process.returncode for process in processes] == [0] * len(skews)
    return sorted(moment for output, _ in told for moment in json.loads(output))


if __name__ == "__main__":
    _url, _prefix, _sharing, _tries, _skew, _seconds = sys.argv[1:]
    _told = asyncio.run(_flood(_url, _prefix, _sharing, int(_tries), float(_skew), float(_seconds)))
    sys.stdout.write(json.dumps(_told))
