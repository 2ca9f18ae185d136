"""`.ci/run`: a test that failed beside the others has one more chance alone, and is named."""

import json
import os
import subprocess
from pathlib import Path
from typing import Final

import pytest

from habits.tree import ROOT

_OUTSIDE: Final = ("chromium", "node", "npm", "prometheus")
_DEV: Final = """#!/usr/bin/env bash
echo "$*" >>asked
case "$*" in
test) mkdir -p .pytest_cache/v/cache && cp told .pytest_cache/v/cache/lastfailed && exit "$BESIDE" ;;
test\\ *) exit "$ALONE" ;;
esac
"""
_ALONE: Final = "test -n 0 --last-failed --last-failed-no-failures none"
_BEFORE: Final = ["check --untested", "scan", "test"]
_AFTER: Final = ["demo --check"]


@pytest.mark.parametrize(
    ("failed", "beside", "alone", "code", "asked"),
    [
        (0, 0, 0, 0, [*_BEFORE, *_AFTER]),
        (1, 1, 0, 0, [*_BEFORE, _ALONE, *_AFTER]),
        (3, 1, 0, 0, [*_BEFORE, _ALONE, *_AFTER]),
        (1, 1, 1, 1, [*_BEFORE, _ALONE]),
        (4, 1, 0, 1, _BEFORE),
        (1, 2, 0, 2, _BEFORE),
    ],
    ids=["all pass", "one passes alone", "three pass alone", "one fails again", "four failed", "it was interrupted"],
)
def test_up_to_three_tests_have_one_more_chance_alone(
    tmp_path: Path, failed: int, beside: int, alone: int, code: int, asked: list[str]
) -> None:
    programs = tmp_path / "programs"
    _script(tmp_path / ".ci/run", (ROOT / ".ci/run").read_text(encoding="utf-8"))
    _script(tmp_path / "dev", _DEV)
    _script(programs / "ldconfig", "#!/bin/sh\necho libatomic.so.1\n")
    for name in _OUTSIDE:
        _script(programs / name, "#!/bin/sh\n")
    names = [f"tests/test_a.py::test_{number}[a {number}]" for number in range(failed)]
    (tmp_path / "told").write_text(json.dumps(dict.fromkeys(names, True), indent=2), encoding="utf-8")

    environment = {"PATH": f"{programs}:{os.environ['PATH']}", "BESIDE": str(beside), "ALONE": str(alone)}
    run = subprocess.run([tmp_path / ".ci/run"], env=environment, capture_output=True, text=True)

    assert (run.returncode, run.stderr) == (code, "")
    assert (tmp_path / "asked").read_text(encoding="utf-8").splitlines() == asked
    is_named = code == 0 and beside != 0
    assert [name for name in names if f'"{name}"' in run.stdout] == (names if is_named else [])
    assert ("UNSTEADY" in run.stdout) is is_named


def _script(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
