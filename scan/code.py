"""bandit over all of ours that runs.

A line is let off by a comment with a reason, in the form that ruff's rules of the same numbers have as well:
`# noqa: S608 - a constant`, or `# nosec B608 - a constant` where ruff finds nothing. bandit's own `# nosec` needs no
reason, so it is read here instead. What holds for a whole folder stands in scan/excused.toml.
"""

import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scan.excused import Excuse
from scan.verdict import Outcome, ToolBrokenError, Verdict, last_words, run

PLACES: Final = ("src", "habits", "scan", "examples")
"""Tests and benchmarks attack, make things up and start what they like; nobody runs them on a server."""

_LET_OFF: Final = re.compile(r"# (?:noqa|nosec):? (?P<rules>[A-Z]+\d+(?:, ?[A-Z]+\d+)*)(?: -)? +\w")


@dataclass(frozen=True)
class Finding:
    """What bandit has to say of a statement, which may be several lines long."""

    path: str
    line: int
    last: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule} {self.message}"


def check(root: Path, excuses: Sequence[Excuse], places: Sequence[str] = PLACES) -> Verdict:
    """What bandit finds in the places below the root, without what is let off for a reason."""
    found = list(findings(root, places))
    texts = {path: (root / path).read_text(encoding="utf-8").splitlines() for path in {one.path for one in found}}
    open_ones, used = [], set[Excuse]()
    for one in found:
        covering = [excuse for excuse in excuses if excuse.what == one.rule and excuse.covers(one.path)]
        used.update(covering)
        if not covering and not _lets_off(texts[one.path], one):
            open_ones.append(str(one))
    idle = [
        f"excused.toml: {excuse.what} in {excuse.place or 'all'} excuses nothing"
        for excuse in excuses
        if excuse not in used
    ]
    if open_ones or idle:
        return Verdict(
            "code",
            Outcome.FOUND,
            f"{len(open_ones) + len(idle)} to look at",
            [*open_ones, *idle],
            "mend it, or say behind the line why it is right: # noqa: S608 - the reason",
        )
    return Verdict(
        "code", Outcome.OK, f"bandit has nothing to say of {', '.join(places)}; {len(found)} let off for a reason"
    )


def findings(root: Path, places: Sequence[str]) -> Iterator[Finding]:
    """All that bandit says, whatever is let off.

    Raises:
        ToolBrokenError: It could not read a file, or gave no report.
    """
    there = [place for place in places if (root / place).exists()]
    command = [
        sys.executable,
        "-m",
        "bandit",
        "--recursive",
        *there,
        "--format",
        "json",
        "--quiet",
        "--exit-zero",
        "--ignore-nosec",
    ]
    done = run([*command, "--exclude", "*/.venv/*,*/node_modules/*"], cwd=root)
    try:
        report = json.loads(done.stdout)
    except ValueError as error:
        raise ToolBrokenError(f"bandit: {last_words(done.stderr)}") from error
    if report["errors"] or not there:
        raise ToolBrokenError(f"bandit: {last_words(str(report['errors']))}")
    for one in report["results"]:
        lines = [*one["line_range"], one["line_number"]]
        path = Path(one["filename"]).as_posix()
        yield Finding(path, one["line_number"], max(lines), one["test_id"], one["issue_text"].partition(". ")[0])


def _lets_off(lines: Sequence[str], one: Finding) -> bool:
    wanted = {one.rule, f"S{one.rule[1:]}"}
    for text in lines[one.line - 1 : one.last]:
        for comment in _LET_OFF.finditer(text):
            if wanted & set(re.split(r", ?", comment["rules"])):
                return True
    return False
