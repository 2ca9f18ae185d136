"""Valkey (or Redis 7) as the memory that all workers share: two scripts, each in one round trip.

The time is the server's, so workers whose clocks differ agree. All keys have one hash tag, so that in a cluster they
stand on one node, where a script may use them together.
"""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha1
from pathlib import Path
from typing import Any, Final, Protocol

from redis.exceptions import NoScriptError

from threadly.core.security.limits.limit import Limit

MOST_CALLS: Final = 32
"""Under way at once; more would only wait at the server."""
_MICROSECONDS: Final = 1_000_000
_LOST: Final = b"lost"


class Client(Protocol):
    """What is wanted of `redis.asyncio.Redis`."""

    async def execute_command(self, *arguments: Any) -> Any:  # noqa: ANN401 - as the client has it
        """One command."""


class MemoryLost(Exception):
    """The server does not know any more what it was told: it was started anew, or emptied."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of one limit and key."""

    limit: Limit
    key: str
    least: int
    most: int
    shares: int = 1
    """Of what is left, one in so many is taken beyond the least."""


@dataclass(frozen=True, slots=True)
class Granted:
    """Of what was wanted."""

    amount: int
    rest: float
    """Seconds until the whole burst is back."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a worker knows of a key, in seconds."""

    limit: Limit
    key: str
    heard: float
    """From the store, until the whole burst is back."""
    since: float
    """What the worker let in since, by itself."""


class _Script:
    def __init__(self, name: str) -> None:
        self.text = (Path(__file__).parent / f"{name}.lua").read_text()
        self.sha = sha1(self.text.encode(), usedforsecurity=False).hexdigest()


class ValkeyStore:
    """The shared memory.

    Args:
        client: A client of `redis.asyncio` that gives bytes; it is not closed here.
        prefix: What all keys begin with.
    """

    def __init__(self, client: Client, *, prefix: str = "threadly") -> None:
        self._client = client
        self._prefix = f"{prefix}:{{limits}}:"
        self._mark = f"{prefix}:{{limits}}"
        self._spending, self._absorbing = _Script("spending"), _Script("absorbing")
        self._calls = asyncio.Semaphore(MOST_CALLS)

    async def spend(self, wanted: Sequence[Wanted], *, mark: str) -> tuple[str, bool, list[Granted]]:
        """All that is wanted, or nothing of it; with the mark of the memory that has decided.

        Args:
            mark: The memory that the caller knows; "" for whichever there is.

        Raises:
            MemoryLost: It is not that one; nothing was decided.
        """
        arguments: list[object] = [mark, secrets.token_hex(8)]
        for want in wanted:
            interval = _micro(want.limit.interval)
            arguments += (interval, interval * want.limit.at_once, want.least, want.most, want.shares)
        found, *told = await self._run(self._spending, [self._key(want.limit, want.key) for want in wanted], arguments)
        if found == _LOST:
            raise MemoryLost
        granted = [Granted(told[at], told[at + 1] / _MICROSECONDS) for at in range(1, len(told), 2)]
        return found.decode(), bool(told[0]), granted

    async def absorb(self, known: Sequence[Known]) -> tuple[str, list[float]]:
        """Takes what a worker knows; gives the memory's mark, and seconds until each burst is whole again."""
        arguments: list[object] = [secrets.token_hex(8)]
        for each in known:
            arguments += (_micro(each.heard), _micro(each.since), _micro(each.limit.tolerance))
        found, *rests = await self._run(self._absorbing, [self._key(each.limit, each.key) for each in known], arguments)
        return found.decode(), [rest / _MICROSECONDS for rest in rests]

    def _key(self, limit: Limit, key: str) -> str:
        return f"{self._prefix}{limit.name}:{key}"

    async def _run(self, script: _Script, keys: list[str], arguments: list[object]) -> list[Any]:
        given = (1 + len(keys), self._mark, *keys, *arguments)
        async with self._calls:
            try:
                told = await self._client.execute_command("EVALSHA", script.sha, *given)
            except NoScriptError:
                told = await self._client.execute_command("EVAL", script.text, *given)
        reply: list[Any] = told
        return reply


def _micro(seconds: float) -> int:
    return round(seconds * _MICROSECONDS)
