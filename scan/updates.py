""".github/dependabot.yml, against the schema that is published for it (as check-jsonschema carries it), and against us:
every folder that pins something is looked after, and nothing is taken on the day it appears.
"""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from scan.verdict import Outcome, Verdict, run

FILE: Final = ".github/dependabot.yml"
DAYS: Final = 3
"""How old a version is at least: most that are published in bad faith are found and taken back within days."""


def check(root: Path) -> Verdict:
    """Whether the file is understood, and leaves nothing out."""
    file = root / FILE
    if not file.exists():
        return Verdict("updates", Outcome.FOUND, f"there is no {FILE}", remedy="nothing would be updated; put it back")
    done = run(
        [
            sys.executable,
            "-m",
            "check_jsonschema",
            "--builtin-schema",
            "vendor.dependabot",
            "--output-format",
            "text",
            file,
        ],
        cwd=root,
    )
    said = [line.strip()[:200] for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    told = [] if done.returncode == 0 else said or ["check-jsonschema refuses it without a word"]
    if not told:
        told += _left_out(root, yaml.safe_load(file.read_text(encoding="utf-8")))
    if told:
        return Verdict("updates", Outcome.FOUND, f"{len(told)} wrong in {FILE}", told, "mend the file")
    return Verdict("updates", Outcome.OK, f"{FILE} is as its schema wants it, and leaves no pin out")


def _left_out(root: Path, rules: Mapping[str, Any]) -> Iterator[str]:
    looked_after = {
        (one["package-ecosystem"], folder)
        for one in rules["updates"]
        for folder in one.get("directories", [one.get("directory")])
    }
    pins = [*(root / "requirements").glob("*.txt"), *(root / "examples").glob("*/requirements.txt")]
    wanted = {("pip", f"/{file.parent.relative_to(root).as_posix()}") for file in pins} | {("npm", "/")}
    for ecosystem, folder in sorted(wanted - looked_after):
        yield f"{ecosystem}: nobody looks after {folder}"
    for one in rules["updates"]:
        if one.get("cooldown", {}).get("default-days", 0) < DAYS:
            yield f"{one['package-ecosystem']}: takes what is younger than {DAYS} days (cooldown.default-days)"
