"""`threadly serve` as a process, with the real application."""

import json
import signal
from collections.abc import Mapping
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.processes import alive, below, program

SERVE = ("threadly", "serve", "--port", "0", "--workers", "1")


def test_serve_answers_with_the_real_application_and_ends_in_order(migrated: Mapping[str, str]) -> None:
    with program(*SERVE, "--drain", "1.5", environment=migrated) as server:
        url = server.line("answers at").partition("answers at ")[2].partition(",")[0]
        with urlopen(f"{url}/readyz", timeout=5) as answer:
            assert json.load(answer)["checks"]["database"] == [{"status": "pass"}]
        family = below(server.pid)
        code, _ = server.told(signal.SIGTERM, within=30)
    assert (code, alive(family)) == (0, [])
    assert "Threadly has stopped." in server.said[-1]


def test_serve_starts_before_its_database_and_says_so(migrated: Mapping[str, str]) -> None:
    gone = {**migrated, "DATABASE_URL": "postgresql://u@127.0.0.1:1/d"}
    with program("threadly", "serve", "--port", "0", "--workers", "1", environment=gone) as server:
        assert "PostgreSQL cannot be reached" in server.line("PostgreSQL")
        assert server.line("answers at")


def test_serve_starts_before_its_cache_and_its_pictures_and_says_so(
    migrated: Mapping[str, str], tmp_path: Path
) -> None:
    nowhere = {"REDIS_URL": "redis://:topsecret@127.0.0.1:1", "THREADLY_MEDIA__FOLDER": str(tmp_path / "file")}
    (tmp_path / "file").touch()
    with program("threadly", "serve", "--port", "0", "--workers", "1", environment={**migrated, **nowhere}) as server:
        assert server.line("answers at")
        said = "\n".join(server.said)
    assert "Valkey cannot be reached: " in said
    assert f"pictures cannot be read or stored: {tmp_path / 'file'}: The folder of the pictures is no folder." in said
    assert "topsecret" not in said
    assert "PostgreSQL" not in said


@pytest.mark.parametrize("command", [SERVE, ("threadly", "work"), ("threadly", "check"), ("threadly", "doctor")])
def test_a_log_that_cannot_be_opened_is_said_before_anything_is_started(
    command: tuple[str, ...], migrated: Mapping[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "nowhere" / "shop.log"
    logged = {**migrated, "THREADLY_OBSERVABILITY__LOGS__FILE": str(file)}
    with program(*command, environment=logged) as refused:
        code, _ = refused.finish(within=60)
    said = "\n".join(refused.said)
    assert code == 2
    assert "THREADLY_OBSERVABILITY__LOGS__FILE (environment): is in a folder that is not there." in said
    assert "Traceback" not in said
    assert "answers at" not in said
    assert not file.parent.exists()


@pytest.mark.parametrize("command", [("serve", "--port", "0", "--workers", "1"), ("work",)])
def test_who_is_bound_to_its_standard_input_ends_with_it(command: tuple[str, ...], migrated: Mapping[str, str]) -> None:
    with program("threadly", *command, "--until-stdin-closes", environment=migrated) as bound:  # it is /dev/null here
        code, _ = bound.finish(within=60)
    assert code in {0, -signal.SIGTERM}
