"""Clocks of several machines must agree: sessions, leases and what is kept for so long are told by them."""

from datetime import datetime
from typing import Final

from threadly.core import clock
from threadly.ops.doctor.findings import Findings

_WARNS_SECONDS: Final = 1.0
_FAILS_SECONDS: Final = 30.0


def judge_clock(theirs: datetime, *, asked_at: datetime, found: Findings) -> None:
    """Compares a server's clock with ours, at the middle of the question."""
    answered_at = clock.now()
    middle = asked_at + (answered_at - asked_at) / 2
    apart = abs((theirs - middle).total_seconds())
    found.judge(
        "clock",
        f"{apart:.2f} s from ours",
        expected=f"within {_WARNS_SECONDS:g} s",
        do="Have both machines follow a time server (chrony, systemd-timesyncd).",
        is_good=apart <= _WARNS_SECONDS,
        warns=apart <= _FAILS_SECONDS,
    )
