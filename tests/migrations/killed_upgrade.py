"""`python -m tests.migrations.killed_upgrade FOLDER`: migrates, and is killed where the standard input says.

Each line has a database and a number: so many statements and commits are sent, and then the process that sends them
gets SIGKILL. The answer is `killed`, or `done` and how many there were. Each runs in a process of its own, forked.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import event

from tests.conftest import database_settings
from threadly.core.database import Database
from threadly.core.database.migrate import Migrations, upgrade
from threadly.tables import metadata


async def upgrade_until_killed(url: str, migrations: Migrations, boundary: int) -> None:
    """Returns if all is done before."""
    db = Database(database_settings(url))
    sent = 0

    def one_more(*_: Any) -> None:  # noqa: ANN401 - whatever the event is told
        nonlocal sent
        if sent == boundary:
            os.kill(os.getpid(), signal.SIGKILL)
        sent += 1

    for what in ("before_cursor_execute", "commit"):
        event.listen(db.unhurried.sync_engine, what, one_more)
    await upgrade(db, migrations, anyway=True)
    await db.close()
    say(f"done {sent}")


def say(answer: str) -> None:
    """To whoever reads the standard output."""
    sys.stdout.write(f"{answer}\n")
    sys.stdout.flush()


def main(folder: str) -> None:
    """Answers one line after another."""
    for line in sys.stdin:
        url, boundary = line.split()
        if (child := os.fork()) == 0:
            asyncio.run(upgrade_until_killed(url, Migrations(Path(folder), metadata), int(boundary)))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status != 0:
            was_killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
            say("killed" if was_killed else f"failed: {status}")


if __name__ == "__main__":
    main(*sys.argv[1:])
