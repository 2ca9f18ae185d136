"""What does it cost to ask whether somebody may, and what do others charge?

In process: a decision by `LocalLimiter`, by limits 5.8 (moving window, fixed window, sliding counter), throttled-py 3.5
(GCRA, token bucket) and pyrate-limiter 4.5, in turns, for 1,000 keys that are let in. With a Valkey of our own: a
decision by `Limiter`, of one exact limit and of three, leased, and refused from memory, beside limits' and
throttled-py's own over the same server, and a bare GET. At last a million keys: how much memory, and the longest that
one decision takes.

    ./dev bench limits            15 rounds
    ./dev bench limits --quick    5 rounds
"""

import argparse
import asyncio
import gc
import resource
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from limits import RateLimitItemPerMinute
from limits.aio.storage import RedisStorage
from limits.aio.strategies import FixedWindowRateLimiter as SharedFixedWindow
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter, MovingWindowRateLimiter, SlidingWindowCounterRateLimiter
from pyrate_limiter import Duration, InMemoryBucket, Rate
from pyrate_limiter import Limiter as PyrateLimiter
from redis.asyncio import Redis
from rich.console import Console
from rich.table import Table
from throttled import MemoryStore, RateLimiterType, Throttled, per_min
from throttled.asyncio import RedisStore
from throttled.asyncio import Throttled as SharedThrottled

from threadly.core.security.limits import Asked, Limit, Limiter, LocalLimiter, Sharing, ValkeyStore
from threadly.embedded import blocking_engines

KEYS: Final = [f"203.0.{number >> 8}.{number & 255}" for number in range(1000)]
MANY: Final = 60_000_000
CALLS: Final = 200
GOAL_MICROSECONDS: Final = 1.0
GOAL_TIMES_LIMITS: Final = 5.0
GOAL_STALL_MS: Final = 1.0


def in_process() -> dict[str, Callable[[str], object]]:
    """One decision of each, for a key that is let in."""
    ours = LocalLimiter(Limit("bench", MANY))
    item = RateLimitItemPerMinute(MANY)
    moving = RateLimitItemPerMinute(10_000)  # it keeps a list of times: as long as its quota
    asked = {
        "limits, fixed window": FixedWindowRateLimiter(MemoryStorage()),
        "limits, sliding counter": SlidingWindowCounterRateLimiter(MemoryStorage()),
    }
    window = MovingWindowRateLimiter(MemoryStorage())
    gcra = Throttled(using=RateLimiterType.GCRA.value, quota=per_min(MANY), store=MemoryStore())
    bucket = Throttled(using=RateLimiterType.TOKEN_BUCKET.value, quota=per_min(MANY), store=MemoryStore())
    pyrate = PyrateLimiter(InMemoryBucket([Rate(MANY, Duration.MINUTE)]))
    found: dict[str, Callable[[str], object]] = {"ours": ours.spend}
    for name, limiter in asked.items():
        found[name] = _of_limits(limiter, item)
    found["limits, moving window"] = _of_limits(window, moving)
    found["throttled-py, GCRA"] = gcra.limit
    found["throttled-py, token bucket"] = bucket.limit
    found["pyrate-limiter"] = lambda key: pyrate.try_acquire(key, blocking=False)
    return found


def _of_limits(limiter: Any, item: RateLimitItemPerMinute) -> Callable[[str], object]:  # noqa: ANN401
    return lambda key: limiter.hit(item, key)


def rounds_in_process(rounds: int) -> dict[str, list[float]]:
    """Microseconds a decision, of each, round by round, in turns."""
    asked = in_process()
    taken: dict[str, list[float]] = {name: [] for name in asked}
    for _ in range(rounds):
        for name, decide in asked.items():
            began = time.perf_counter()
            for key in KEYS:
                decide(key)
            taken[name].append((time.perf_counter() - began) / len(KEYS) * 1e6)
    return taken


async def rounds_shared(url: str, rounds: int) -> dict[str, list[float]]:
    """The same over a server; the same key each time."""
    client = Redis.from_url(url)
    limiter = Limiter(ValkeyStore(client, prefix="bench"), workers=4, patience_seconds=10.0)
    exact = [Limit(f"exact{number}", MANY) for number in range(3)]
    leased = Limit("leased", 100_000, sharing=Sharing.LEASED)
    spent = Limit("spent", 1, 1e6)
    await limiter.spend(Asked(spent, "a"))
    theirs = SharedFixedWindow(RedisStorage(url.replace("unix://", "async+redis+unix://"), implementation="redispy"))
    item = RateLimitItemPerMinute(MANY)
    throttled = SharedThrottled(
        using=RateLimiterType.GCRA.value, quota=per_min(MANY), store=RedisStore(server=url), key="a", timeout=-1
    )
    asked: dict[str, Callable[[], Awaitable[object]]] = {
        "a bare GET": lambda: client.get("nothing"),
        "ours, one exact limit": lambda: limiter.spend(Asked(exact[0], "a")),
        "ours, three exact limits": lambda: limiter.spend(*(Asked(limit, "a") for limit in exact)),
        "ours, leased": lambda: limiter.spend(Asked(leased, "a")),
        "ours, refused from memory": lambda: limiter.spend(Asked(spent, "a")),
        "limits, fixed window": lambda: theirs.hit(item, "a"),
        "throttled-py, GCRA": lambda: throttled.limit("a"),
    }
    taken: dict[str, list[float]] = {name: [] for name in asked}
    for _ in range(rounds):
        for name, decide in asked.items():
            began = time.perf_counter()
            for _ in range(CALLS):
                await decide()
            taken[name].append((time.perf_counter() - began) / CALLS * 1e6)
    if limiter.trouble is not None:
        raise SystemExit(f"the limiter has lost its server: {limiter.trouble}")
    await client.aclose()
    return taken


def a_million() -> tuple[float, float, float]:
    """Megabytes, and milliseconds of processor time that decisions took: one in ten thousand, and the longest."""
    gc.collect()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    limiter = LocalLimiter(Limit("bench", 100), most_keys=1_000_000)
    took = []
    gc.disable()
    for number in range(1_500_000):
        key = f"2001:db8:{number >> 16:x}:{number & 65535:x}::/64"
        began = time.thread_time()
        limiter.spend(key)
        elapsed = time.thread_time() - began
        if elapsed > 50e-6:
            took.append(elapsed * 1000)
    gc.enable()
    took.sort()
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert len(limiter) <= 1_000_000
    return grown, took[-150] if len(took) > 150 else 0.05, took[-1] if took else 0.05


def shown(title: str, taken: dict[str, list[float]], base: str) -> Table:
    """Medians, and how many times the base each is, by the median of the ratios of one round."""
    table = Table(title=title, title_justify="left")
    for column in ("", "µs", f"times {base}"):
        table.add_column(column, justify="left" if not column else "right")
    for name, each in taken.items():
        ratio = statistics.median(a / b for a, b in zip(each, taken[base], strict=True))
        table.add_row(name, f"{statistics.median(each):.2f}", f"{ratio:.2f}")
    return table


def main() -> int:
    """The exit code: 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    rounds = 5 if parser.parse_args().quick else 15
    console = Console(width=110)
    local = rounds_in_process(rounds)
    console.print(shown("In process, 1,000 keys", local, "ours"))
    with TemporaryDirectory() as folder, blocking_engines(Path(folder), postgres=False) as running:
        shared = asyncio.run(rounds_shared(str(running.cache_url), rounds))
    console.print(shown("Over Valkey, one after another", shared, "a bare GET"))
    memory, rare, longest = a_million()
    console.print(
        f"A million keys, and half a million more: {memory:.0f} MB; "
        f"1 decision in 10,000 takes {rare:.2f} ms, the longest {longest:.2f} ms"
    )
    ours = statistics.median(local["ours"])
    best = min(statistics.median(each) for name, each in local.items() if name.startswith("limits"))
    is_met = ours <= GOAL_MICROSECONDS or best / ours >= GOAL_TIMES_LIMITS
    console.print(
        f"A decision: {ours:.2f} µs; the fastest of limits {best / ours:.1f} times as much. "
        f"Goal {'met' if is_met else 'missed'}."
    )
    return 0 if is_met and rare <= GOAL_STALL_MS else 1


if __name__ == "__main__":
    sys.exit(main())
