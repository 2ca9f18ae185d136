"""`threadly doctor`: what an operator reads, and what programs do. While engines hang: tests/faults."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.core.database.jobs import shop
from tests.processes import ROOT
from threadly.core.database import Database

QUIET = {
    "THREADLY_PROFILE": "production",
    "THREADLY_LIMITS__WIDENED": "1",
    "THREADLY_SITE__URL": "https://shop.example",
    "THREADLY_SERVER__TRUSTED_PROXIES": "127.0.0.1",
    "THREADLY_SERVER__WORKERS": "1",
    "THREADLY_SECURITY__SECRET": "kT4nVb7x2qLw9sYc5mRz8eHj3uPa6fGd",
    "THREADLY_MEDIA__FOLDER": str(Path.home() / ".threadly-of-no-test"),
    "THREADLY_MEDIA__ORIGIN": "https://pictures.shop.example",
}


def asked(environment: Mapping[str, str], *options: str) -> tuple[int, str]:
    """The exit code, and what was printed."""
    ended = subprocess.run(
        [sys.executable, "-m", "threadly", "doctor", *options],
        env={"PATH": "", "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        cwd="/",
    )
    assert ended.stderr == ""
    return ended.returncode, ended.stdout


@pytest.fixture
def well(migrated: Mapping[str, str]) -> dict[str, str]:
    """An installation of which there is nothing to say."""
    return {**migrated, **QUIET}


async def test_what_is_well_is_a_line_each_and_exit_code_0(well: Mapping[str, str], db: Database) -> None:
    await shop.change(db, "INSERT INTO schedules VALUES ('refresh_trends', now() + interval '1 minute')")
    code, said = asked(well)
    assert code == 0, said
    for title in ("Settings", "Database", "Valkey", "Media", "Machine"):
        assert f"{title}\n" in said
    assert "  ✓ migrations " in said
    assert "\n✓ All is well: " in said
    assert "expected" not in said


async def test_a_warning_is_exit_code_1_with_what_is_expected_and_what_to_do(well: Mapping[str, str]) -> None:
    code, said = asked(well)
    assert code == 1
    assert "  ! job worker            none has ever run here\n" in said
    assert "expected: schedules within 30 s\n" in said
    assert "do: Start threadly work: docs/runbooks/jobs.md\n" in said
    assert said.endswith("! 1 to consider (database job worker).\n")


def test_what_is_wrong_is_exit_code_2_without_any_secret(well: Mapping[str, str]) -> None:
    database = urlsplit(well["THREADLY_DATABASE__OWNER_URL"]).path
    away = {"DATABASE_URL": f"postgresql://u:kV8x2qLw9sYc5mRz@127.0.0.1:1{database}"}
    code, said = asked({**well, **away, "REDIS_URL": "redis://:Hb7kV8x2qLw9sYc5@127.0.0.1:1"})
    assert code == 2
    assert "  ✗ answers               nobody listens there\n" in said
    assert "  ! answers               nobody listens there\n" in said  # pages are served without Valkey
    assert "✗ 1 thing to mend (database answers), 1 to consider (valkey answers)." in said
    assert "kV8x2qLw" not in said


def test_programs_get_one_object(well: Mapping[str, str]) -> None:
    code, said = asked(well, "--json")
    told = json.loads(said)
    assert (code, told["status"]) == (1, "warn")
    assert all(found.keys() == {"area", "about", "status", "seen", "expected", "do"} for found in told["findings"])


def test_settings_that_cannot_be_used_are_told_and_nothing_is_reached() -> None:
    code, said = asked({"THREADLY_PROFILE": "test"})
    assert code == 2
    assert "THREADLY_DATABASE__URL" in said
    assert "Valkey\n" not in said
