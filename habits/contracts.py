"""The import contracts of each slice, written by a program, because a new slice must not be able to forget them.

pyproject.toml holds the contracts between storeys, within core and between slices. This writes, for each folder of
`marketplace/`, who may enter (whoever uses the front door) and in which order its own modules stand.
"""

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from habits.tree import ROOT

FILE: Final = "habits/contracts.toml"

ORDER: Final = ("front", "service", "queries", "events", "policy", "models", "errors")
"""The modules of a slice, each above those it may import; all but those that it has are optional."""

OWN_ORDER: Final[dict[str, tuple[str, ...]]] = {
    "catalog": ("service | brands", "queries", "events", "policy", "models", "reference", "errors"),
    "listings": ("jobs", "service", "changing | removal", "pictures", "audience", "owned", *ORDER[2:]),
    "media": (
        "sweep",
        "intake",
        "service | decoding | removal",
        "queries | child",
        "models | store | limits | policy",
        "errors | decoder",
    ),
    "search": ("jobs", "service", "nearest", "queries | spelling", *ORDER[3:], "instruments"),
    "favourites": ("jobs", *ORDER[1:]),
    "storefront": (
        "finding",
        "ranking",
        "totals",
        "details | facets | lists | loved | meaning | own | sitemaps | visitors | wardrobes",
        "rows",
        "narrowing",
        "views | wanted",
    ),
}
"""Slices with modules of their own kind, top to bottom."""

MAY_ENTER_ANYWHERE: Final = "threadly.tables"
"""Gathers every model for migrations, also of slices whose front door does not show them."""


def write(slices: Iterable[str], package: str = "threadly") -> str:
    """The text of the contract file for these slices."""
    return "\n".join([*_head(package), *(line for name in sorted(slices) for line in _slice(name, package))])


def _head(package: str) -> Iterator[str]:
    yield "# Written by `python -m habits --write` from the folders of marketplace/; habits/contracts.py says how."
    yield "[tool.importlinter]"
    yield f'root_package = "{package}"'
    yield ""


def _slice(name: str, package: str) -> Iterator[str]:
    slice_ = f"{package}.marketplace.{name}"
    layers = ", ".join(f'"{_optional(layer)}"' for layer in OWN_ORDER.get(name, ORDER[1:]))
    yield "[[tool.importlinter.contracts]]"
    yield f'id = "front-door-of-{name}"'
    yield f'name = "Others enter {name} by its front door"'
    yield 'type = "protected"'
    yield f'protected_modules = ["{slice_}.**"]'
    yield f'allowed_importers = ["{slice_}", "{MAY_ENTER_ANYWHERE.replace("threadly", package, 1)}"]'
    yield f'broken_contract_guidance = "Import it from {slice_}; if it is not there, decide whether it should be."'
    yield ""
    yield "[[tool.importlinter.contracts]]"
    yield f'id = "inside-{name}"'
    yield f'name = "Inside {name}, each module knows those below it"'
    yield 'type = "layers"'
    yield f'containers = ["{slice_}"]'
    yield f"layers = [{layers}]"
    yield "exhaustive = true"
    yield f'broken_contract_guidance = "A new kind of module declares its place in {__name__.replace(".", "/")}.py."'
    yield ""


def _optional(layer: str) -> str:
    return " | ".join(f"({name})" for name in layer.split(" | "))


def slices(root: Path = ROOT) -> list[str]:
    """The folders of marketplace/."""
    return sorted(path.parent.name for path in (root / "src/threadly/marketplace").glob("*/__init__.py"))


def text() -> str:
    """What the contract file should hold now."""
    return write(slices())


def check() -> int:
    """Runs both files of contracts; returns how many are broken in either (0: all kept)."""
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    broken = 0
    for configuration in ("pyproject.toml", FILE):
        linter = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-logo"]
        broken += subprocess.run(
            [*linter, "--config", configuration], cwd=ROOT, env=environment, check=False
        ).returncode
    return broken
