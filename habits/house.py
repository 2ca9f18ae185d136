"""All habits together: the rules, the mirror of tests, and what is generated."""

import ast
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from habits import (
    contracts,
    env_example,
    errors_reference,
    events_reference,
    mirror,
    rules,
    settings_reference,
    site_reference,
    start_order_reference,
    translations,
)
from habits.rule import Finding, Source, lets_off
from habits.tree import ROOT

GENERATED: Final[dict[str, Callable[[], str]]] = {
    contracts.FILE: contracts.text,
    env_example.FILE: env_example.text,
    errors_reference.FILE: errors_reference.text,
    settings_reference.FILE: settings_reference.text,
    site_reference.FILE: site_reference.text,
    start_order_reference.FILE: start_order_reference.text,
    events_reference.FILE: events_reference.text,
    **translations.files(),
}
"""Files that a program writes, and which."""

_IN_VAIN: Final = "let-off-in-vain"


def names() -> list[str]:
    """Every rule."""
    return sorted([*rules.RULES, mirror.RULE, "generated-up-to-date", _IN_VAIN])


def findings(tree: Sequence[Source]) -> list[Finding]:
    """Everything that is wrong in the repository, in order of place."""
    wrong = [finding for source in tree for rule in rules.RULES.values() for finding in rule.findings(source)]
    wrong += let_off_in_vain(tree)
    python = [source for source in tree if source.path.endswith(".py")]
    wrong += mirror.findings(
        {source.path for source in python},
        declarations={source.path for source in python if not _promises(source)},
    )
    wrong += stale()
    return sorted(wrong)


def let_off_in_vain(tree: Sequence[Source]) -> list[Finding]:
    """Comments that let a line off where its rule has nothing to say: the reason has gone, or the name is wrong."""
    wrong = []
    for source in tree:
        if not source.is_under("src/", "benchmarks/") or not source.path.endswith(".py"):
            continue
        for number in range(1, len(source.lines) + 1):
            for name in lets_off(source, number):
                rule = rules.RULES.get(name)
                if rule is None or not rule.covers(source) or number not in {line for line, _ in rule.check(source)}:
                    wrong.append(Finding(source.path, number, _IN_VAIN, f"{name} has nothing to say here"))
    return wrong


def stale(root: Path = ROOT) -> list[Finding]:
    """Generated files that are not what their program would write now."""
    return [
        Finding(path, 1, "generated-up-to-date", "is out of date; run `python -m habits --write`")
        for path, text in GENERATED.items()
        if not (root / path).exists() or (root / path).read_text(encoding="utf-8") != text()
    ]


def write(root: Path = ROOT) -> list[str]:
    """Writes the generated files that are out of date; returns their paths."""
    written = []
    for finding in stale(root):
        place = root / finding.path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(GENERATED[finding.path](), encoding="utf-8")
        written.append(finding.path)
    return written


def _promises(source: Source) -> bool:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return any(isinstance(node, kinds) for node in source.nodes)
