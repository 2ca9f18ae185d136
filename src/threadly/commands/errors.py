"""What a command refuses, each with a stable `code` and a sentence which says what to do."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Final

from threadly.commands.terminal import counted
from threadly.core.database.ownership import Ownership

DATABASE_URL: Final = "THREADLY_DATABASE__URL (or DATABASE_URL)"
"""What says where the database is."""


class Refused(RuntimeError):
    """A command does not do what it was asked to. Its text is meant for the person at the terminal."""

    code: ClassVar[str] = "refused"


class DatabaseUnreachable(Refused):
    """PostgreSQL does not answer, or does not let us in."""

    code = "database_unreachable"

    def __init__(self, how: str, *, variable: str = DATABASE_URL) -> None:
        super().__init__(f"PostgreSQL {how}\n{variable} says where it is; `threadly doctor` looks closer.")


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


class OwnerUnfit(Refused):
    """The role that is to migrate could not. Nothing was changed.

    Args:
        is_named: Whether it is that of THREADLY_DATABASE__OWNER_URL, and not the one that serves.
    """

    code = "owner_unfit"

    def __init__(self, found: Ownership, *, is_named: bool) -> None:
        role, others = found.role, sorted(set(found.owners_of_others))
        if others:
            several = f"{counted(len(found.owners_of_others), 'table')} of its database {found.database}"
            why = f"{several} {'belongs' if len(found.owners_of_others) == 1 else 'belong'} to {' and '.join(others)}"
            give = [f"REASSIGN OWNED BY {other} TO {role};" for other in others]
        else:
            why = f"it may make no tables in the database {found.database}"
            give = [f"ALTER DATABASE {found.database} OWNER TO {role};"]
        lines = "\n".join(f"  {line}" for line in (rf"\connect {found.database}", *give))
        if is_named:
            told = (
                f"{role}, the role of THREADLY_DATABASE__OWNER_URL, cannot migrate: {why}. Nothing was changed.\n"
                f"As an administrator, in psql, connected to that very database:\n{lines}"
            )
            if others:
                told += f"\nOr let THREADLY_DATABASE__OWNER_URL name {others[0]}, which owns them."
        else:
            owner = f", which is {others[0]}" if others else ""
            told = (
                f"{role}, the role of THREADLY_DATABASE__URL, cannot migrate: {why}. Nothing was changed.\n"
                f"Let THREADLY_DATABASE__OWNER_URL name the role that owns the database{owner}, for this command: "
                f"docs/guide/operations.md."
            )
        super().__init__(told)


class DatabasesDiffer(Refused):
    """The owner's address leads to another database than that of whoever serves. Nothing was changed."""

    code = "databases_differ"

    def __init__(self, *, owner: Ownership, serving: Ownership) -> None:
        where = "at another server" if owner.server != serving.server else "at the same server"
        super().__init__(
            f"THREADLY_DATABASE__OWNER_URL leads to the database {owner.database}, and THREADLY_DATABASE__URL to "
            f"{serving.database} {where}. Nothing was changed.\n"
            f"Let both name the same server and database, each by its own role."
        )


class RightsMissing(Refused):
    """The role that serves may not read the tables yet."""

    code = "rights_missing"

    def __init__(self, found: Ownership) -> None:
        super().__init__(
            f"{found.role}, the role of THREADLY_DATABASE__URL, may not read the tables of {found.database}, which "
            f"belong to {found.owner}.\n"
            f"Run `threadly db upgrade` with THREADLY_DATABASE__OWNER_URL naming {found.owner}, or whoever is to own "
            f"them: it gives {found.role} what it needs."
        )


class AuditChangeable(Refused):
    """The role that serves could change what the audit log has recorded."""

    code = "audit_changeable"

    def __init__(self, found: Ownership, powers: Sequence[str]) -> None:
        role, owner = found.role, found.owner or "another role"
        super().__init__(
            f"The audit log would prove nothing: {role}, the role that serves, could change it, since it "
            f"{' and '.join(powers)}.\n{_of_another(role, owner, powers)}\ndocs/guide/operations.md has the whole."
        )


def _of_another(role: str, owner: str, powers: Sequence[str]) -> str:
    """What to do, so that another role serves, or this one can do less."""
    if "is a superuser" not in powers:
        if "owns it" not in powers:
            return (
                f"Take that from {role}: `threadly db upgrade`, with THREADLY_DATABASE__OWNER_URL naming {owner}, takes"
                f" what it was granted itself; what it has as a member of other roles, REVOKE … FROM {role} does."
            )
        if role != owner:
            return (
                f"{role} is a member of {owner}, which owns it. As an administrator, in psql:\n"
                f"  REVOKE {owner} FROM {role};\n"
                f"Then run `threadly db upgrade` with THREADLY_DATABASE__OWNER_URL naming {owner}."
            )
    serving = "threadly_serving" if role != "threadly_serving" else "shop_serving"
    is_owner = role == owner
    return (
        f"Let {f'{role} be the owner alone, and another one' if is_owner else 'another one, which is no superuser,'} "
        f"serve:\n"
        f"  CREATE ROLE {serving} LOGIN PASSWORD '…';   as an administrator, in psql\n"
        f"  THREADLY_DATABASE__OWNER_URL=…   {'what THREADLY_DATABASE__URL is now' if is_owner else f'by {owner}'}\n"
        f"  THREADLY_DATABASE__URL=…         the same, with {serving} and its password\n"
        f"  threadly db upgrade              gives it what it needs"
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
            f"Let {DATABASE_URL} name an empty database, and run `threadly db upgrade` first."
        )


class ChildDied(Refused):
    """A process of the demo ended by itself. The text quotes the end of its log."""

    code = "child_died"

    def __init__(self, name: str, how: str, *, log: Path, last_lines: list[str]) -> None:
        quoted = "\n".join(f"    {line}" for line in last_lines) or "    (it wrote nothing)"
        super().__init__(f"The {name} {how}. The end of {log}:\n{quoted}")
