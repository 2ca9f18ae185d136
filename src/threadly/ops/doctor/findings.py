"""What was seen of one thing, what is expected of it, and what to do where the two differ."""

from collections.abc import Iterable
from typing import Final

import msgspec

from threadly.core.observability.health import Status

HANGS: Final = (
    "It hangs, or something on the way swallows what is sent: see whether it is stopped (state T in `ps`), whether its "
    "disk is full, and whether a firewall drops packets."
)
"""What to do where nobody refuses, and nobody answers."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the report. No text in it holds a secret."""

    area: str
    """`database`, `valkey`, …"""
    about: str
    status: Status
    seen: str
    expected: str
    """Empty where `seen` says it."""
    do: str = ""
    """What would mend it; empty where nothing is to be done."""


class Findings:
    """Takes down what is seen of one area; what was taken down stays, should the rest not come."""

    def __init__(self, area: str) -> None:
        self.area = area
        self.taken: list[Finding] = []

    def good(self, about: str, seen: str, *, expected: str) -> None:
        """It is as it should be."""
        self._take(about, Status.PASS, seen, expected)

    def judge(self, about: str, seen: str, *, expected: str, do: str, is_good: bool, warns: bool = False) -> None:
        """It is, or else it is wrong (or to be considered, if it only warns)."""
        status = Status.PASS if is_good else Status.WARN if warns else Status.FAIL
        self._take(about, status, seen, expected, "" if is_good else do)

    def _take(self, about: str, status: Status, seen: str, expected: str, do: str = "") -> None:
        self.taken.append(Finding(area=self.area, about=about, status=status, seen=seen, expected=expected, do=do))


def worst(findings: Iterable[Finding]) -> Status:
    """Of all of them."""
    return Status.worst(*(finding.status for finding in findings))
