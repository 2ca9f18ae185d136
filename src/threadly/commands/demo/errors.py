"""What can keep the demo from running, each with a stable `code` and a sentence which says what to do.

DemoError
├─ DatabaseNotOurs     DATABASE_URL names a database with somebody else's tables in it
└─ ChildDied           the web server or the worker has ended
"""

from pathlib import Path
from typing import ClassVar


class DemoError(RuntimeError):
    """Anything that keeps the demo from running. Its text is meant for the person at the terminal."""

    code: ClassVar[str] = "demo_error"


class DatabaseNotOurs(DemoError):
    """The database has tables, and none of them says that it is Threadly's."""

    code = "database_not_ours"

    def __init__(self, tables: int) -> None:
        super().__init__(
            f"The database that the environment names holds {tables} tables of something else, and none of Threadly's. "
            f"Nothing was changed. Name an empty database, or none: then the demo brings its own PostgreSQL."
        )


class ChildDied(DemoError):
    """A process of the demo ended by itself. The text quotes the end of its log."""

    code = "child_died"

    def __init__(self, name: str, how: str, *, log: Path, last_lines: list[str]) -> None:
        quoted = "\n".join(f"    {line}" for line in last_lines) or "    (it wrote nothing)"
        super().__init__(f"The {name} {how}. The end of {log}:\n{quoted}")
