"""What a check has to say."""

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from habits.tree import ROOT

FOLDER: Final = ROOT / ".threadly-scan"
"""Where a scan puts what it makes: the bill of materials, and what advisories said last. Git ignores it."""

PATIENCE: Final = 120.0
"""Seconds that a tool may take."""


class Outcome(Enum):
    """How a check ends, and how that is told."""

    OK = "ok"
    FOUND = "FOUND"
    NOT_ASKED = "not asked"
    BROKEN = "BROKEN"


@dataclass(frozen=True)
class Verdict:
    """One line of the report, and what stands below it.

    Args:
        details: One line for each finding.
        remedy: What to do now; said once, behind the findings.
    """

    check: str
    outcome: Outcome
    summary: str
    details: Sequence[str] = ()
    remedy: str = ""

    @property
    def passes(self) -> bool:
        """Whether CI goes on. What could not be asked has found nothing, and proves nothing."""
        return self.outcome in {Outcome.OK, Outcome.NOT_ASKED}

    def lines(self) -> list[str]:
        """The verdict as it is printed."""
        told = [
            f"  {self.outcome.value:<10} {self.check:<11} {self.summary}",
            *(f"      {one}" for one in self.details),
        ]
        return [*told, f"      → {self.remedy}"] if self.remedy else told


class ToolBrokenError(Exception):
    """A tool did not do what it is for; its own words are in the message."""


def run(
    command: Sequence[str | Path], *, cwd: Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """The tool's exit code and output.

    Raises:
        ToolBrokenError: It is not there, or takes too long.
    """
    try:
        return subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env=None if environment is None else dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ToolBrokenError(f"{Path(command[0]).name}: {error}") from error


def last_words(text: str) -> str:
    """The end of what a tool said, on one line."""
    return " ".join(text.split())[-300:]
