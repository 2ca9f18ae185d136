"""What docs/security/ names exists: each promise and each mistake has a check, or says that it is to come."""

import ast
import re

import pytest

from habits import house
from habits.tree import ROOT
from threadly import tables
from threadly.cli import app

FOLDER = ROOT / "docs/security"
PAGES = sorted(page.name for page in FOLDER.glob("*.md"))
PLACE = re.compile(r"`((?:src|tests|habits|scan|docs|requirements|assets)/[\w./-]+|pyproject\.toml)(?:::(\w+))?`")
PIECES = {
    "accounts", "alerts", "cache", "ledger", "messages", "moderation", "notifications", "orders", "payments",
    "payouts", "shipping",
}  # fmt: skip
"""What is still to be built, as docs/audit.md calls it."""


def text(page: str) -> str:
    return (FOLDER / page).read_text(encoding="utf-8")


def lines(page: str, head: str = "") -> list[tuple[str, str]]:
    """The first and the last cell of each line of the page's tables; only of those with this head, if one is said."""
    found = []
    for table in re.findall(r"(?:^\|.*\|\n)+", text(page), re.MULTILINE):
        rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()]
        if rows[0][0] == head or not head:
            found += [(row[0], row[-1]) for row in rows[2:]]
    return found


def checks(cell: str) -> list[str]:
    """The checks that a cell names: tests, habits and constraints."""
    tests = [path for path, _ in PLACE.findall(cell) if path.startswith("tests/")]
    return [*tests, *re.findall(r"habit `([\w-]+)`", cell), *re.findall(r"constraint `(\w+)`", cell)]


@pytest.mark.parametrize("page", PAGES)
def test_every_place_every_test_every_habit_and_every_constraint_that_is_named_exists(page: str) -> None:
    missing = []
    for path, test in PLACE.findall(text(page)):
        place = ROOT / path
        if not place.exists():
            missing.append(path)
        elif test:
            tree = ast.parse(place.read_text(encoding="utf-8"))
            names = {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)}
            missing += [] if test in names else [f"{path}::{test}"]
    missing += [name for name in re.findall(r"habit `([\w-]+)`", text(page)) if name not in house.names()]
    constraints = {str(one.name) for table in tables.metadata.tables.values() for one in table.constraints}
    missing += [name for name in re.findall(r"constraint `(\w+)`", text(page)) if name not in constraints]
    assert missing == []


@pytest.mark.parametrize("page", ["secure-development.md", "promises.md"])
def test_each_line_names_a_check_or_a_piece_that_is_to_come(page: str) -> None:
    unheld = []
    for what, held in lines(page):
        pieces = set(re.findall(r"to come: (\w+)", held))
        assert pieces <= PIECES, what
        if not (checks(held) or pieces or "mypy" in held):
            unheld.append(what)
    assert unheld == []
    assert len(lines(page)) >= {"secure-development.md": 105, "promises.md": 20}[page]


def test_a_threat_names_what_stands_against_it_and_what_shows_that() -> None:
    for threat, shown in lines("threat-model.md", "threat"):
        assert checks(shown) or "to come: " in shown or "residual" in shown, threat


@pytest.mark.parametrize("page", PAGES)
def test_what_is_linked_is_there(page: str) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[\w-]+)?\)", text(page)):
        assert (FOLDER / target).exists(), target


@pytest.mark.parametrize("page", PAGES)
def test_every_command_that_is_named_exists(page: str) -> None:
    for command in re.findall(r"`?(?:^|[\s`])threadly ((?:[a-z]+)(?: [a-z]+)?)", text(page), re.MULTILINE):
        first, _, second = command.partition(" ")
        assert first in set(app), command
        if second and not app[first].default_command:
            assert second in set(app[first]), command
