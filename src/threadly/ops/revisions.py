"""Which revision of the schema this release needs, read from the revisions' files.

Alembic could tell, and costs each web worker 8 MB for that one word.
"""

import ast
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

_FOLDER: Final = "migrations/versions"


@dataclass(frozen=True, slots=True)
class Revisions:
    """Those that this release knows."""

    newest: str
    """The one that no other one builds on: what this release needs."""
    known: frozenset[str]

    def is_ahead(self, revision: str | None) -> bool:
        """Whether a schema at this revision is of a newer release than this one; such a one lets the older go on."""
        return revision is not None and revision not in self.known


def revisions() -> Revisions:
    """What the files say.

    Raises:
        ValueError: There is no newest, or more than one: the files contradict each other.
    """
    names: dict[str, object] = {}
    for file in files("threadly").joinpath(_FOLDER).iterdir():
        if file.name.endswith(".py"):
            said = _constants(file.read_text(encoding="utf-8"))
            names[str(said["revision"])] = said["down_revision"]
    (newest,) = names.keys() - set(names.values())
    return Revisions(newest, frozenset(names))


def _constants(source: str) -> dict[str, object]:
    return {
        node.targets[0].id: node.value.value
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }
