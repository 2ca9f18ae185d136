"""Decisions are numbered without gaps, in one form, and name what exists."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from habits.tree import ROOT

FOLDER = ROOT / "docs/decisions"
PAGES = sorted(FOLDER.glob("[0-9]*.md"))


def test_decisions_are_numbered_in_order() -> None:
    assert [int(page.name[:4]) for page in PAGES] == list(range(len(PAGES)))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_decision_says_why_what_it_costs_and_what_holds_it(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# {page.name[:4]} ")
    for part in (
        "**Decided.**",
        "**Because.**" if "0006" not in page.name else "## The product",
        "**It costs.**",
        "**Held by.**",
    ):
        assert part in text, part


@pytest.mark.parametrize("page", PAGES[1:], ids=lambda page: page.stem)
def test_what_a_decision_names_exists(page: Path) -> None:
    for path in re.findall(r"`((?:tests|docs|habits|src)/[\w./-]+)`", page.read_text(encoding="utf-8")):
        assert (ROOT / path).exists(), path


def test_every_dependency_says_why_it_is_there() -> None:
    cells = [
        line.split("|")[1]
        for line in (FOLDER / "0006-what-we-depend-on.md").read_text(encoding="utf-8").splitlines()
        if "|" in line
    ]
    told = {name for cell in cells for name in re.findall(r"[@\w./-]+", cell)}

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {Requirement(text).name for extra in project["optional-dependencies"].values() for text in extra} - {
        "threadly"
    }
    for name in ("build", "dev"):
        lines = (ROOT / f"requirements/{name}.in").read_text(encoding="utf-8").splitlines()
        asked |= {Requirement(line).name for line in lines if line and not line.startswith(("#", "-"))}
    asked |= json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["devDependencies"].keys()
    assert asked - told == set()
