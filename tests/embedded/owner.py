"""A program that owns engines, for tests that need an owner to kill: `owner.py DATA OPTIONS`, both told as arguments.

Prints the addresses as a line of JSON when it is up, an EmbeddedError as another, and ends upon SIGINT or SIGTERM.
"""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import TypedDict

from threadly.embedded import EmbeddedError, engines


class Options(TypedDict, total=False):
    """What `engines` can be asked for."""

    ephemeral: bool
    postgres: bool
    valkey: bool
    durable: bool


async def main(data: Path, options: Options) -> None:
    """Runs engines until asked to end."""
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    try:
        async with engines(data, **options) as running:
            facts = {"data": str(running.data), "pid": os.getpid()}
            facts |= {"database_url": running.database_url, "administrator_url": running.administrator_url}
            _say(facts | {"cache_url": running.cache_url})
            await told.wait()
    except EmbeddedError as problem:
        _say({"code": problem.code, "sentence": str(problem)})


def _say(facts: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), json.loads(sys.argv[2])))
