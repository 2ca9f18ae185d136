"""The file of the update bot is held against its published schema and against what we pin."""

import shutil
from pathlib import Path

import pytest

from habits.tree import ROOT
from scan import updates
from scan.verdict import Outcome, Verdict

OURS = (ROOT / updates.FILE).read_text(encoding="utf-8")


def scanned(folder: Path, text: str) -> Verdict:
    (folder / ".github").mkdir(parents=True)
    (folder / updates.FILE).write_text(text, encoding="utf-8")
    for place in ("requirements", "examples/links"):
        shutil.copytree(ROOT / place, folder / place, ignore=shutil.ignore_patterns(".venv", "__pycache__"))
    return updates.check(folder)


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ("interval: weekly", "interval: sometimes", "sometimes"),
        ("version: 2", "version: 7", "version"),
        ("    schedule:", "    scheduled:", "scheduled"),
        ("package-ecosystem: npm", "package-ecosystem: pypi", "pypi"),
        ("      - /requirements\n", "", "pip: nobody looks after /requirements"),
        ("default-days: 7", "default-days: 1", "takes what is younger than 3 days"),
    ],
    ids=["a word", "the version", "a key", "a kind", "a folder is left out", "too young"],
)
def test_a_planted_flaw_is_found(tmp_path: Path, was: str, becomes: str, told: str) -> None:
    assert was in OURS
    verdict = scanned(tmp_path, OURS.replace(was, becomes))
    assert verdict.outcome is Outcome.FOUND
    assert told in " ".join(verdict.details)


def test_without_the_file_nobody_updates_us(tmp_path: Path) -> None:
    assert updates.check(tmp_path).outcome is Outcome.FOUND


def test_our_own_is_well_and_leaves_no_pin_out() -> None:
    verdict = updates.check(ROOT)
    assert (verdict.outcome, list(verdict.details)) == (Outcome.OK, [])
