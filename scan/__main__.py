"""`python -m scan`; the package says what it does."""

import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from habits.tree import ROOT
from scan import advisories, code, leaks, licences, sbom, updates
from scan.excused import Excuses, ReasonMissingError, read
from scan.verdict import Outcome, ToolBrokenError, Verdict

Check = Callable[[Path, Excuses, Path], list[Verdict]]

CHECKS: Final[Mapping[str, Check]] = {
    "code": lambda root, excuses, _: [code.check(root, excuses.code)],
    "advisories": lambda root, excuses, snapshot: advisories.check(
        root, excuses.advisories, today=advisories.today(), snapshot=snapshot
    ),
    "leaks": lambda root, excuses, _: [leaks.check(root, excuses.leaks)],
    "licences": lambda root, excuses, _: [licences.check(root, excuses.licences, excuses.allowed)],
    "sbom": lambda root, excuses, _: [sbom.check(root, excuses.licences)],
    "updates": lambda root, _, __: [updates.check(root)],
}


def main(arguments: Sequence[str], root: Path = ROOT) -> int:
    """The exit code: 0, 1 if something was found or is broken, 2 if the question is none."""
    parser = ArgumentParser(prog="./dev scan", description="Looks at what comes with the code.")
    parser.add_argument("checks", nargs="*", metavar="CHECK", help=f"one of {', '.join(CHECKS)}; all, if none is named")
    parser.add_argument("--snapshot", type=Path, default=advisories.SNAPSHOT, help="what advisories said last")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.checks) - CHECKS.keys():
        parser.error(f"there is no check {', '.join(sorted(unknown))}; there are {', '.join(CHECKS)}")
    try:
        excuses = read()
    except (ReasonMissingError, ValueError) as error:
        print(error)
        return 1

    started = time.monotonic()  # habit: time-from-clock - a tool beside the product, without its clock
    names = asked.checks or list(CHECKS)
    with ThreadPoolExecutor(2) as pool:
        verdicts = [
            one
            for several in pool.map(lambda name: _made(name, root, excuses, asked.snapshot), names)
            for one in several
        ]
    for verdict in verdicts:
        print("\n".join(verdict.lines()))
    found = sum(not verdict.passes for verdict in verdicts)
    open_ones = sum(verdict.outcome is Outcome.NOT_ASKED for verdict in verdicts)
    took = time.monotonic() - started  # habit: time-from-clock - as above
    print(f"{len(verdicts) - found - open_ones} well, {found} to mend, {open_ones} not asked, in {took:.0f} s")
    return 1 if found else 0


def _made(name: str, root: Path, excuses: Excuses, snapshot: Path) -> list[Verdict]:
    try:
        return CHECKS[name](root, excuses, snapshot)
    except ToolBrokenError as error:
        return [Verdict(name, Outcome.BROKEN, str(error), remedy="the tool could not look, which proves nothing")]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
