"""Valkey or Redis: does it answer, is it new enough, and does it take what is written.

Nothing here is worse than a warning: pages are served without it.
"""

import secrets
import socket
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from redis.asyncio import Redis
from redis.exceptions import AuthenticationError, RedisError
from redis.exceptions import TimeoutError as RedisTimeout

from threadly.core import clock
from threadly.ops.doctor.certificates import judge_certificate
from threadly.ops.doctor.clocks import judge_clock
from threadly.ops.doctor.findings import HANGS, Findings
from threadly.settings import Settings

_OLDEST: Final = 7
_PATIENCE_SECONDS: Final = 0.8
_SILENT: Final = (f"no answer in {_PATIENCE_SECONDS:g} s", HANGS)
_REASONS: Final[tuple[tuple[type[Exception], tuple[str, str]], ...]] = (
    (AuthenticationError, ("it does not take the password", "Put in the right one.")),
    (TimeoutError, _SILENT),
    (RedisTimeout, _SILENT),
    (ConnectionRefusedError, ("nobody listens there", "See whether it runs, and at that port.")),
    (FileNotFoundError, ("there is no such socket", "See whether it runs, and where its socket is.")),
    (socket.gaierror, ("no such host", "See how it is called, and whether names are resolved here.")),
)


async def look(settings: Settings, found: Findings) -> None:
    """Looks at all of it, on one connection."""
    url = settings.cache.url.get_secret_value()
    valkey = Redis.from_url(
        url, socket_timeout=_PATIENCE_SECONDS, socket_connect_timeout=_PATIENCE_SECONDS, single_connection_client=True
    )
    try:
        await _examine(valkey, found)
    except (OSError, RedisError) as refusal:
        seen, do = _in_words(refusal)
        do = f"{do} THREADLY_CACHE__URL says where it is: docs/runbooks/valkey.md"
        found.judge("answers", seen, expected="an answer", do=do, is_good=False, warns=True)
        return
    finally:
        await valkey.aclose()
    if url.startswith("rediss://"):
        await judge_certificate(url, found)


async def _examine(valkey: Redis, found: Findings) -> None:
    began = time.perf_counter()
    await valkey.ping()
    taken = (time.perf_counter() - began) * 1000
    info: dict[str, Any] = await valkey.info()
    name, version = _version(info)
    found.good("answers", f"{name} {version}, in {taken:.1f} ms", expected="an answer")
    found.judge(
        "version",
        version,
        expected=f"{_OLDEST} or newer",
        do="Bring it to a release that is maintained.",
        is_good=int(version.partition(".")[0]) >= _OLDEST,
        warns=True,
    )
    asked_at = clock.now()
    seconds, microseconds = await valkey.time()
    theirs = datetime.fromtimestamp(seconds + microseconds / 1e6, UTC)
    judge_clock(theirs, asked_at=asked_at, found=found)
    judge_memory(info, found)
    await _write(valkey, found)


def judge_memory(info: Mapping[str, Any], found: Findings) -> None:
    """What becomes of a write when it is full, by its own account."""
    policy, most = str(info.get("maxmemory_policy", "")), int(info.get("maxmemory", 0))
    found.judge(
        "memory",
        f"{f'{most >> 20:,} MiB at most' if most else 'no limit'}, {policy or 'unknown policy'}",
        expected="no limit, or a policy that makes room (allkeys-lru)",
        do="Set maxmemory-policy to allkeys-lru: with noeviction, a full server refuses to write.",
        is_good=not most or policy != "noeviction",
        warns=True,
    )


async def _write(valkey: Redis, found: Findings) -> None:
    key, value = f"threadly:doctor:{secrets.token_hex(8)}", secrets.token_hex(8)
    try:
        await valkey.set(key, value, ex=10)
        same = await valkey.get(key) == value.encode()
        await valkey.delete(key)
        seen = "a key can be written, read and removed" if same else "what was read is not what was written"
    except RedisError as refusal:
        same, seen = False, f"it refuses: {type(refusal).__name__}"
    found.judge(
        "write path",
        seen,
        expected="a key can be written, read and removed",
        do="See whether it is a replica, is full, or cannot save (MISCONF in its log).",
        is_good=same,
        warns=True,
    )


def _in_words(refusal: BaseException) -> tuple[str, str]:
    """What is wrong, and what to do; by what the driver wraps: it has one error for a refusal and a hang."""
    cause: BaseException | None = refusal
    while cause is not None:
        for kind, words in _REASONS:
            if isinstance(cause, kind):
                return words
        cause = cause.__cause__ or cause.__context__
    return f"it cannot be used: {type(refusal).__name__}", "See whether it runs there."


def _version(info: dict[str, Any]) -> tuple[str, str]:
    if "valkey_version" in info:
        return "Valkey", str(info["valkey_version"])
    return "Redis", str(info.get("redis_version", "0"))
