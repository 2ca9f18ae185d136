"""What a command refuses, each with a stable `code` and a sentence which says what to do."""

from pathlib import Path
from typing import ClassVar


class Refused(RuntimeError):
    """A command does not do what it was asked to. Its text is meant for the person at the terminal."""

    code: ClassVar[str] = "refused"


class DatabaseUnreachable(Refused):
    """PostgreSQL does not answer, or does not let us in."""

    code = "database_unreachable"

    def __init__(self, why: str) -> None:
        super().__init__(
            f"PostgreSQL cannot be reached: {why}\n"
            f"THREADLY_DATABASE__URL (or DATABASE_URL) says where it is. `threadly demo` brings its own."
        )


class MigrationsMissing(Refused):
    """The database is at an older release than this program."""

    code = "migrations_missing"

    def __init__(self, missing: tuple[str, ...]) -> None:
        self.missing = missing
        super().__init__(
            f"The database is not ready for this release: {len(missing)} "
            f"{'migration has' if len(missing) == 1 else 'migrations have'} not run ({', '.join(missing)}).\n"
            f"Run `threadly db upgrade` first."
        )


class DatabaseNotOurs(Refused):
    """The database has tables, and none of them says that it is Threadly's."""

    code = "database_not_ours"

    def __init__(self, tables: int) -> None:
        super().__init__(
            f"The database that the environment names holds {tables} tables of something else, and none of Threadly's. "
            f"Nothing was changed. Name an empty database, or none: then the demo brings its own PostgreSQL."
        )


class ChildDied(Refused):
    """A process of the demo ended by itself. The text quotes the end of its log."""

    code = "child_died"

    def __init__(self, name: str, how: str, *, log: Path, last_lines: list[str]) -> None:
        quoted = "\n".join(f"    {line}" for line in last_lines) or "    (it wrote nothing)"
        super().__init__(f"The {name} {how}. The end of {log}:\n{quoted}")
