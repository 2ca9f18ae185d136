"""Secrets in what would be committed, and in every commit before it: kingfisher, with rules of ours (scan/leaks.yml).

Nothing is sent anywhere: kingfisher could ask a service whether a key still works, and is told not to. What git ignores
is not looked at, for that is where real secrets may be. Where git or its history is not there, or is cut short, that is
said.
"""

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from scan.excused import Excuse
from scan.verdict import FOLDER, Outcome, ToolBrokenError, Verdict, last_words, run

RULES: Final = Path(__file__).with_name("leaks.yml")

_NOTHING: Final = 0
_SOMETHING: Final = {200, 205}
_NOT_OURS: Final = {".git", ".venv", "node_modules", "__pycache__"}


@dataclass(frozen=True)
class Leak:
    """Something that looks like a secret. The secret itself is not kept, and told nowhere.

    Args:
        place: Where it is: a path and a line; and the commit, for what is no longer there.
    """

    place: str
    kind: str
    sha256: str

    def __str__(self) -> str:
        return f"{self.place}: {self.kind}, sha256 {self.sha256[:16]}"


@dataclass(frozen=True)
class History:
    """Where git keeps its objects (of a worktree too), and the commit that is checked out."""

    git: Path
    commit: str


def check(root: Path, excuses: Sequence[Excuse]) -> Verdict:
    """What is there and is not excused; see the module."""
    leaks = list(in_files(root))
    history = _history(root)
    whole = False
    if history is not None:
        before, whole = in_history(history, root)
        leaks += before
    known = {excuse.what for excuse in excuses}
    told = sorted({str(leak) for leak in leaks if leak.sha256[:16] not in known})
    seen = {leak.sha256[:16] for leak in leaks}
    looked = "the files; git has no history here"
    if history is not None:
        looked = "the files and " + ("the whole history" if whole else "what there is of a history that is cut short")
    if told:
        return Verdict(
            "leaks",
            Outcome.FOUND,
            f"{len(told)} in {looked}",
            told,
            "everybody knows it now: change it where it is used, then take it out. Is it made up? scan/excused.toml",
        )
    return Verdict("leaks", Outcome.OK, f"no secret in {looked}; {len(seen & known)} made-up ones excused")


def in_files(root: Path) -> Iterator[Leak]:
    """What is in the files that would be committed."""
    files = list(_files(root))
    if files:
        report = _kingfisher(root, [*files, "--git-history", "none"])
        yield from _leaks(report, root)


def in_history(history: History, root: Path) -> tuple[list[Leak], bool]:
    """What was in any commit that led to the one that is checked out, and whether git has all of them."""
    report = _kingfisher(root, [str(history.git), "--git-history", "full", "--branch", history.commit])
    told = [one["git"] for one in report["audit"]["repositories"] if "git" in one]
    whole = bool(told) and all(one["scope"] == "branch_history" and not one["shallow"] for one in told)
    return list(_leaks(report, root)), whole


def _history(root: Path) -> History | None:
    try:
        done = run(["git", "rev-parse", "--path-format=absolute", "--git-common-dir", "HEAD"], cwd=root)
    except ToolBrokenError:
        return None
    if done.returncode != 0:
        return None
    git, commit = done.stdout.split("\n")[:2]
    return History(Path(git), commit)


def _files(root: Path) -> Iterator[str]:
    if (root / ".git").exists():
        listed = run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], cwd=root)
        names = [name for name in listed.stdout.split("\0") if name]
    else:
        found = (path.relative_to(root) for path in root.rglob("*"))
        names = [path.as_posix() for path in found if not _NOT_OURS & set(path.parts)]
    yield from (f"./{name}" for name in names if (root / name).is_file())


def _kingfisher(root: Path, arguments: Sequence[str]) -> dict[str, Any]:
    program = Path(sys.executable).with_name("kingfisher")
    quiet = ["--no-validate", "--no-update-check", "--quiet", "--format", "json", "--rules-path", str(RULES)]
    environment = {**os.environ, "KF_RULE_CACHE_DIR": str(FOLDER / "kingfisher")}
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, "leaks.json")
        done = run([program, "scan", *quiet, "--output", output, *arguments], cwd=root, environment=environment)
        if done.returncode not in {_NOTHING, *_SOMETHING} or not output.exists():
            raise ToolBrokenError(f"kingfisher: {last_words(done.stderr or done.stdout)}")
        report: dict[str, Any] = json.loads(output.read_text(encoding="utf-8"))
        return report


def _leaks(report: dict[str, Any], root: Path) -> Iterator[Leak]:
    for one in report["findings"]:
        rule, finding = one["rule"], one["finding"]
        path = finding["path"].removeprefix("./")
        inside = path if not Path(path).is_absolute() else Path(os.path.relpath(path, root)).as_posix()
        commit = finding.get("git_metadata", {}).get("commit", {}).get("id", "")
        place = f"{inside}:{finding['line']}" + (f" in commit {commit[:10]}" if commit else "")
        digest = hashlib.sha256(finding["snippet"].encode()).hexdigest()
        yield Leak(place, rule["id"], digest)
