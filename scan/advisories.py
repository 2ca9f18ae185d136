"""Known vulnerabilities of all that is pinned: pip-audit for Python, npm audit for what the assets are built with.

Both ask a service. Where it can not be reached, or answers for some packages only, the verdict is “not asked” and never
“ok”: pip-audit itself says “no known vulnerabilities” when a mirror knows nothing of a package. What was answered last
is kept beside its day (the snapshot), and judged again: an old answer may find something, and can not prove that there
is nothing new.
"""

import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from scan.excused import Excuse
from scan.pins import pinned
from scan.verdict import FOLDER, Outcome, ToolBrokenError, Verdict, last_words, run

SNAPSHOT: Final = FOLDER / "advisories.json"

_AWAY: Final = re.compile(
    r"ConnectionError|Connect(?:ion)?Timeout|ReadTimeout|timed out|ServiceError|ECONN|ENOTFOUND|ETIMEDOUT|EAI_AGAIN"
    r"|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET|SELF_SIGNED|\b40[345]\b|\b429\b|\b5\d\d\b",
)
"""How tools say that nobody answers there, or that whoever does is no such service."""


@dataclass(frozen=True)
class Answers:
    """What a service said.

    Args:
        asked: All that was to be asked, as name==version.
        found: The advisories of each that was answered, as `id (mended in …)`; none, where none is known.
        why_not: Why some have no answer.
    """

    asked: frozenset[str]
    found: Mapping[str, Sequence[str]] = field(default_factory=dict)
    why_not: str = ""


@dataclass(frozen=True)
class Service:
    """Another place to ask, for who has a mirror of advisories; the tools' own if not said."""

    osv: str = ""
    npm: str = ""


def check(
    root: Path, excuses: Sequence[Excuse], *, today: date, snapshot: Path = SNAPSHOT, service: Service | None = None
) -> list[Verdict]:
    """A verdict for each kind of package, with the snapshot brought up to date."""
    kept = Snapshot.read(snapshot)
    place = service or Service()
    verdicts = []
    for name, answers in (("pip-audit", of_python(root, place.osv)), ("npm audit", of_assets(root, place.npm))):
        kept.take(name, answers, today)
        verdicts.append(_verdict(name, answers, kept, excuses, today))
    kept.write(snapshot)
    return verdicts


def of_python(root: Path, osv: str = "") -> Answers:
    """What is known of every pin in requirements/ and in the examples."""
    files = [*(root / "requirements").glob("*.txt"), *(root / "examples").glob("*/requirements.txt")]
    pins = {file: {f"{name}=={version}" for name, version in pinned(file).items()} for file in files}
    asked = frozenset[str]().union(*pins.values())
    if unpinned := [str(file.relative_to(root)) for file in files if not pins[file]] or (
        not files and ["requirements/"]
    ):
        raise ToolBrokenError(f"nothing is pinned in {', '.join(unpinned)}")
    found: dict[str, list[str]] = {}
    skipped, why_not = 0, ""
    where = ["--vulnerability-service", "osv", "--osv-url", osv] if osv else []
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        "--disable-pip",
        "--require-hashes",
        "--format",
        "json",
        "--timeout",
        "10",
    ]
    for file in sorted(files, key=lambda file: len(pins[file]), reverse=True):
        if pins[file] <= found.keys():
            continue  # the largest has all that most others have
        done = run([*command, "--progress-spinner", "off", *where, "--requirement", file], cwd=root)
        try:
            dependencies = json.loads(done.stdout)["dependencies"]
        except ValueError:
            why_not = _unreachable("pip-audit", done.stderr)
            break
        answered = of_report(dependencies)
        found |= answered
        skipped += len(dependencies) - len(answered)
        if not found:
            break  # a mirror that knows nothing of the first file's packages knows nothing of the others'
    if skipped and not why_not:
        why_not = "the package index that is reached from here has no advisories"
    return Answers(asked, found, why_not)


def of_report(dependencies: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """What pip-audit says of each package, without those that it has skipped: of them nobody said anything."""
    return {
        f"{one['name']}=={one['version']}": [
            f"{advisory['id']} (mended in {', '.join(advisory['fix_versions']) or 'no version yet'})"
            for advisory in one["vulns"]
        ]
        for one in dependencies
        if "skip_reason" not in one
    }


def of_assets(root: Path, registry: str = "") -> Answers:
    """What is known of every package in package-lock.json."""
    versions = _locked(root / "package-lock.json")
    asked = frozenset(f"{name}=={version}" for name, several in versions.items() for version in several)
    where = ["--registry", registry] if registry else []
    command = ["npm", "audit", "--package-lock-only", "--json", "--fetch-retries=0", "--fetch-timeout=10000", *where]
    try:
        done = run(command, cwd=root)
    except ToolBrokenError as error:
        return Answers(asked, why_not=str(error))
    try:
        report = json.loads(done.stdout)
    except ValueError:
        return Answers(asked, why_not=_unreachable("npm audit", done.stderr))
    if "vulnerabilities" not in report:
        return Answers(asked, why_not=_unreachable("npm audit", json.dumps(report)))
    found: dict[str, list[str]] = {one: [] for one in asked}
    for name, one in report["vulnerabilities"].items():
        told = [f"{way['url'].rpartition('/')[2]} ({one['severity']})" for way in one["via"] if isinstance(way, dict)]
        for version in versions.get(name, ()):
            found[f"{name}=={version}"] += told
    return Answers(asked, found)


class Snapshot:
    """What was answered last, and on which day, for each tool and package."""

    def __init__(self, known: dict[str, dict[str, tuple[str, list[str]]]]) -> None:
        self._known = known

    @classmethod
    def read(cls, file: Path) -> "Snapshot":
        """What the file has; nothing, if there is none."""
        if not file.exists():
            return cls({})
        kept = json.loads(file.read_text(encoding="utf-8"))
        return cls({tool: {one: (day, list(ids)) for one, (day, ids) in of.items()} for tool, of in kept.items()})

    def write(self, file: Path) -> None:
        """Keeps it for the next time."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(self._known, indent=1, sort_keys=True) + "\n", encoding="utf-8")

    def take(self, tool: str, answers: Answers, today: date) -> None:
        """What has been answered today takes the place of what was known before."""
        of = self._known.setdefault(tool, {})
        of.update({one: (today.isoformat(), list(ids)) for one, ids in answers.found.items()})

    def of(self, tool: str, packages: frozenset[str]) -> dict[str, tuple[str, list[str]]]:
        """What is known of these packages, by their versions."""
        return {one: known for one, known in self._known.get(tool, {}).items() if one in packages}


def today() -> date:
    """The day, in UTC."""
    return datetime.now(UTC).date()  # habit: time-from-clock - a tool beside the product, without its clock


def _verdict(tool: str, answers: Answers, kept: Snapshot, excuses: Sequence[Excuse], today: date) -> Verdict:
    known = kept.of(tool, answers.asked)
    accepted = {excuse.what for excuse in excuses if excuse.until is not None and today < excuse.until}
    found = [
        f"{package}: {advisory}"
        for package, (_, advisories) in sorted(known.items())
        for advisory in advisories
        if advisory.partition(" ")[0] not in accepted
    ]
    days = sorted(day for day, _ in known.values())
    missing = len(answers.asked - answers.found.keys())
    if found:
        since = "" if not missing else f", by what was known on {days[0]}"
        remedy = (
            "update it: ./dev lock --upgrade-package NAME"
            if tool == "pip-audit"
            else "update it in package.json, then ./dev assets"
        )
        return Verdict(tool, Outcome.FOUND, f"{len(found)} known vulnerabilities{since}", found, remedy)
    if missing:
        older = f"nothing known of {len(known)} on {days[0]}" if known else "no snapshot from before"
        why = answers.why_not or "not answered"
        return Verdict(tool, Outcome.NOT_ASKED, f"{missing} of {len(answers.asked)} packages: {why}; {older}")
    return Verdict(tool, Outcome.OK, f"no known vulnerability in {len(answers.asked)} packages")


def _locked(lock: Path) -> dict[str, set[str]]:
    if not lock.exists():
        raise ToolBrokenError(f"there is no {lock.name}, so nothing is pinned")
    versions: dict[str, set[str]] = {}
    for place, one in json.loads(lock.read_text(encoding="utf-8"))["packages"].items():
        if place:
            versions.setdefault(place.rpartition("node_modules/")[2], set()).add(one["version"])
    return versions


def _unreachable(tool: str, text: str) -> str:
    if not _AWAY.search(text):
        raise ToolBrokenError(f"{tool}: {last_words(text)}")
    return "its service can not be reached from here"
