"""Clocks that agree, and those that do not."""

from datetime import timedelta

import pytest

from threadly.core import clock
from threadly.core.observability.health import Status
from threadly.ops.doctor.clocks import judge_clock
from threadly.ops.doctor.findings import Findings


@pytest.mark.parametrize(
    ("seconds", "status"),
    [(0.0, Status.PASS), (-0.9, Status.PASS), (1.5, Status.WARN), (-20.0, Status.WARN), (40.0, Status.FAIL)],
)
def test_a_clock_is_judged_by_how_far_it_is_from_ours(seconds: float, status: Status) -> None:
    found = Findings("valkey")
    now = clock.now()
    judge_clock(now + timedelta(seconds=seconds), asked_at=now, found=found)
    assert found.taken[0].status is status
