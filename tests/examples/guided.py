"""`python -m tests.examples.guided`: what the guide says of an outbox, where nothing of Threadly is but the core.

Told by GUIDED_URL which empty database to use; says what became of a person's name, and in how many seconds.
"""

import asyncio
import os
import re
import sys
import time
from typing import Any

from tests.processes import ROOT
from threadly.core.config import Secret
from threadly.core.database import Database, DatabaseSettings

GUIDE = (ROOT / "docs/guide/core-in-your-application.md").read_text(encoding="utf-8")


def shown() -> dict[str, Any]:
    """All names of the guide's code, run in its order."""
    names: dict[str, Any] = {"__name__": "guide"}
    for block in re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL):
        exec(compile(block, "guide", "exec"), names)
    return names


async def main() -> None:
    """A person is added, and greeted."""
    names = shown()
    assert "threadly.tables" not in sys.modules
    settings = DatabaseSettings(url=Secret(os.environ["GUIDED_URL"]))
    db, stop = Database(settings), asyncio.Event()
    await db.run(names["make_tables"])
    working = asyncio.create_task(names["work"](settings, names["Context"](db), stop))
    began = time.monotonic()
    await db.run(names["add_and_tell"], "Ada")
    async with asyncio.timeout(60):
        while (found := await _names(db, names)) == ["Ada"]:  # noqa: ASYNC110 - the worker is told by PostgreSQL
            await asyncio.sleep(0.01)
    sys.stdout.write(f"{', '.join(found)}: {time.monotonic() - began:.3f}\n")
    stop.set()
    await working
    await db.close()


async def _names(db: Database, names: dict[str, Any]) -> list[str]:
    async with db.read() as read:
        return list(await names["page"](read, None))


if __name__ == "__main__":
    asyncio.run(main())
