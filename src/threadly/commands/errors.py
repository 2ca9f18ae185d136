"""What a command refuses, each with a stable `code` and a sentence which says what to do."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from threadly.commands.terminal import counted


class Refused(RuntimeError):
    """A command does not do what it was asked to. Its text is meant for the person at the terminal."""

    code: ClassVar[str] = "refused"


class DatabaseUnreachable(Refused):
    """PostgreSQL does not answer, or does not let us in."""

    code = "database_unreachable"

    def __init__(self, how: str) -> None:
        super().__init__(
            f"PostgreSQL {how}\n"
            f"THREADLY_DATABASE__URL (or DATABASE_URL) says where it is; `threadly doctor` looks closer."
        )


class CacheUnreachable(Refused):
    """Valkey does not answer, or does not let us in."""

    code = "cache_unreachable"

    def __init__(self, why: str) -> None:
        super().__init__(
            f"Valkey cannot be reached: {why}\n"
            f"THREADLY_CACHE__URL (or REDIS_URL) says where it is; `threadly doctor` looks closer."
        )


class MediaUnreadable(Refused):
    """The folder or bucket of the pictures does not exist, or is not for us."""

    code = "media_unreadable"

    def __init__(self, why: str, *, by: str) -> None:
        told = f"THREADLY_MEDIA__{by} says where they are; `threadly doctor` looks closer."
        super().__init__(f"The pictures cannot be read or stored: {why}\n{told}")


class OptionInvalid(Refused):
    """An option of the command line says something else than it may."""

    code = "option_invalid"

    def __init__(self, option: str, expected: str) -> None:
        super().__init__(f"{option} is {expected}.")


class AuditChangeable(Refused):
    """The role that serves could change what the audit log has recorded."""

    code = "audit_changeable"

    def __init__(self, role: str, powers: Sequence[str]) -> None:
        super().__init__(
            f"The audit log would prove nothing: {role}, the role that serves, could change it, since it "
            f"{' and '.join(powers)}.\n"
            f"Let {role} be the owner alone, and another one serve:\n"
            "  CREATE ROLE threadly_serving LOGIN PASSWORD '…';   as an administrator, in psql\n"
            "  THREADLY_DATABASE__OWNER_URL=…                     what THREADLY_DATABASE__URL is now\n"
            "  THREADLY_DATABASE__URL=…                           the same, with threadly_serving and its password\n"
            "  threadly db upgrade                                gives it what it needs\n"
            "A superuser or a member of the owner cannot be the one that serves: docs/guide/operations.md."
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


class MigrationsHurt(Refused):
    """What is to be run would keep people waiting, or break the release that still runs."""

    code = "migrations_hurt"

    def __init__(self, hurting: Sequence[str]) -> None:
        several = f"{counted(len(hurting), 'migration')} would hurt people who use the shop meanwhile"
        super().__init__(
            f"{several} ({', '.join(hurting)}). Nothing was changed.\n"
            f"`threadly db plan` says how, and what could be done instead. When nobody is there, and the shop is "
            f"stopped, run `threadly db upgrade --anyway`."
        )


class DowngradeLoses(Refused):
    """What is to be taken back holds data, which would be gone."""

    code = "downgrade_loses"

    def __init__(self, losses: Sequence[str]) -> None:
        lines = "\n".join(f"    {loss}" for loss in losses)
        super().__init__(
            f"This would lose, by revision:\n{lines}\n"
            f"Nothing was changed. Make a backup, and run it with --anyway if all of that may go."
        )


class KeysUnchanged(Refused):
    """The ring of keys stays as it is."""

    code = "keys_unchanged"

    def __init__(self, why: str) -> None:
        super().__init__(f"{why} Nothing was changed.")


class DatabaseNotOurs(Refused):
    """The database has tables, and none of them says that it is Threadly's."""

    code = "database_not_ours"

    def __init__(self, tables: int) -> None:
        super().__init__(
            f"The database that the environment names holds {tables} tables of something else, and none of Threadly's. "
            f"Nothing was changed. Name an empty database, or none: then the demo brings its own PostgreSQL."
        )


class ShopNotEmpty(Refused):
    """Sample data does not go in beside something else. Nothing was changed.

    Args:
        held: How many of what: `{"listings": 3}`.
    """

    code = "shop_not_empty"

    def __init__(self, held: Mapping[str, object]) -> None:
        holds = ", ".join(counted(int(str(number)), what.removesuffix("s")) for what, number in held.items() if number)
        super().__init__(
            f"The shop is not empty ({holds}), and these are not what --listings and --seed would make. "
            f"Nothing was changed.\n"
            f"Let THREADLY_DATABASE__URL (or DATABASE_URL) name an empty database, and run `threadly db upgrade` first."
        )


class ChildDied(Refused):
    """A process of the demo ended by itself. The text quotes the end of its log."""

    code = "child_died"

    def __init__(self, name: str, how: str, *, log: Path, last_lines: list[str]) -> None:
        quoted = "\n".join(f"    {line}" for line in last_lines) or "    (it wrote nothing)"
        super().__init__(f"The {name} {how}. The end of {log}:\n{quoted}")
