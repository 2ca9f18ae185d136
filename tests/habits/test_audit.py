"""What docs/audit.md names exists: every path, and every test by its name; every other line says that it is to come."""

import ast
import re

from habits.tree import ROOT

PAGE = (ROOT / "docs/audit.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`((?:src|tests|habits|scan|docs|requirements)/[\w./-]+)(?:::(\w+))?`", PAGE)))
LINES = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("| the audit says")]


def test_every_path_and_every_test_that_is_named_exists() -> None:
    missing = []
    for path, test in NAMED:
        place = ROOT / path
        if not place.exists():
            missing.append(path)
        elif test:
            tree = ast.parse(place.read_text(encoding="utf-8"))
            functions = {
                node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            }
            if test not in functions:
                missing.append(f"{path}::{test}")
    assert missing == []


def test_every_item_names_its_place_or_says_that_it_is_to_come() -> None:
    for line in LINES:
        item, lives, shown = (cell.strip() for cell in line.strip("|").split("|"))
        later = "to come: " in lives or lives.startswith("see ")
        assert later or "`" in lives, f"{item}: lives nowhere"
        assert later or shown, f"{item}: shown by nothing"
