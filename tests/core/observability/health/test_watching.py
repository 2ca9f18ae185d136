"""Looking in the background: what is believed, and for how long."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
import time_machine
from prometheus_client import REGISTRY

from tests.conftest import Lines
from tests.core.observability.health.looks import Dependency, released
from threadly.core.observability.health import Health, Reading, Status
from threadly.core.observability.health.watching import _Watched

BAD = Reading(1.0, "ms", Status.FAIL, "No answer in 20 ms.")
GOOD = Reading(1.0, "ms")
NEARLY = Reading(1.0, "ms", Status.WARN, "Slow.")


def shown(*readings: Reading) -> list[str]:
    """The status after each of these looks."""
    watched = _Watched(Dependency().check(), owner=None, runbooks="")
    told = []
    for reading in readings:
        watched.take(reading)
        told.append(watched.detail(time.monotonic()).status.value[0])
    return told


@pytest.mark.parametrize(
    ("case", "readings", "told"),
    [
        ("the first look counts at once", [BAD], "f"),
        ("and so does a good one", [GOOD], "p"),
        ("two failures are none", [GOOD, BAD, BAD, GOOD, BAD, BAD, GOOD], "ppppppp"),
        ("three are one", [GOOD, BAD, BAD, BAD], "pppf"),
        ("one success is none", [BAD, GOOD, BAD, GOOD, BAD], "fffff"),
        ("two are", [BAD, GOOD, GOOD], "ffp"),
        ("what is worse is worse, whichever", [GOOD, NEARLY, BAD, BAD], "pppf"),
        ("from a warning to a failure", [NEARLY, BAD, BAD, BAD], "wwwf"),
        ("from a failure to a warning", [BAD, NEARLY, NEARLY], "ffw"),
    ],
)
def test_a_verdict_changes_when_enough_looks_in_a_row_agree(case: str, readings: list[Reading], told: str) -> None:
    assert "".join(shown(*readings)) == told, case


def test_since_when_is_told_and_what_is_not_believed_yet() -> None:
    watched = _Watched(Dependency().check(), owner="the night shift", runbooks="https://wiki.example/")
    with time_machine.travel("2026-11-27T03:00:00Z", tick=False) as clock:
        watched.take(GOOD)
        clock.shift(60)
        watched.take(BAD)
        told = watched.detail(time.monotonic())
        assert told.since == datetime.fromisoformat("2026-11-27T03:00:00Z")
        assert told.time == datetime.fromisoformat("2026-11-27T03:01:00Z")
        assert (told.status, told.output) == (Status.PASS, None)
        assert told.unconfirmed == "fail, 1 of 3: No answer in 20 ms."
        watched.take(BAD)
        watched.take(BAD)
        told = watched.detail(time.monotonic())
    assert (told.status, told.output, told.unconfirmed) == (Status.FAIL, "No answer in 20 ms.", None)
    assert told.since == datetime.fromisoformat("2026-11-27T03:01:00Z")
    assert (told.owner, told.runbook) == ("the night shift", "https://wiki.example/database.md")


NO_ANSWER = Reading(1000.0, "ms", Status.FAIL, "No answer in 1000 ms.", is_answer=False)


def test_no_answer_is_no_verdict_on_what_rests_on_another_check() -> None:
    watched = _Watched(Dependency().check(rests_on="database:responseTime"), owner=None, runbooks="")
    watched.take(NO_ANSWER)
    told = watched.detail(time.monotonic())
    assert (told.status, told.output) == (Status.FAIL, "No answer in 1000 ms.")
    watched.take(GOOD)
    assert watched.detail(time.monotonic()).status is Status.PASS
    for _ in range(5):
        watched.take(NO_ANSWER)
    told = watched.detail(time.monotonic())
    assert (told.status, told.unconfirmed) == (Status.PASS, "No answer in 1000 ms. See database:responseTime.")
    for _ in range(3):
        watched.take(BAD)
    assert watched.detail(time.monotonic()).status is Status.FAIL


def test_no_answer_is_a_verdict_on_what_rests_on_nothing() -> None:
    assert shown(GOOD, NO_ANSWER, NO_ANSWER, NO_ANSWER) == ["p", "p", "p", "f"]


@pytest.mark.parametrize(
    ("case", "readings", "pause"),
    [
        ("all is well", [GOOD], 30.0),
        ("it was once worse", [GOOD, BAD], 4.0),
        ("it fails", [GOOD, BAD, BAD, BAD], 4.0),
        ("it is well again", [BAD, GOOD, GOOD], 30.0),
    ],
)
def test_what_is_needed_and_not_well_is_looked_at_again_soon(case: str, readings: list[Reading], pause: float) -> None:
    needed = _Watched(Dependency().check(every_seconds=30.0), owner=None, runbooks="")
    luxury = _Watched(Dependency().check(every_seconds=30.0, is_required=False), owner=None, runbooks="")
    assert needed._pause == 4.0, "nobody has looked yet"
    for reading in readings:
        needed.take(reading)
        luxury.take(reading)
    assert (needed._pause, luxury._pause) == (pause, 30.0), case


def test_what_has_changed_is_logged_once_with_where_to_read_on(lines: Lines) -> None:
    watched = _Watched(Dependency().check(), owner=None, runbooks="docs/runbooks/")
    for reading in (GOOD, BAD, BAD, BAD, BAD, GOOD, GOOD, GOOD):
        watched.take(reading)
    assert lines == [
        {
            "event": "A check fails.",
            "check": "database:responseTime",
            "status": "fail",
            "output": "No answer in 20 ms.",
            "runbook": "docs/runbooks/database.md",
            "log_level": "error",
        },
        {
            "event": "A check is well again.",
            "check": "database:responseTime",
            "status": "pass",
            "output": None,
            "log_level": "info",
        },
    ]


def test_metrics_tell_how_each_check_does() -> None:
    watched = _Watched(Dependency().check(), owner=None, runbooks="")
    labels = {"check": watched.check.name}
    told = []
    for reading in (GOOD, BAD, BAD, BAD, NEARLY, NEARLY):
        watched.take(reading)
        told.append(REGISTRY.get_sample_value("threadly_check_status", labels))
    assert told == [0, 0, 0, 2, 2, 1]


async def test_it_knows_from_the_first_moment_how_it_does() -> None:
    well, ill = Dependency(), Dependency(trouble="It is behind.")
    async with Health([well.check(), ill.check(component="valkey", is_required=False)]).watching() as health:
        report = health.report()
        assert report.status is Status.WARN
        assert report.checks["database:responseTime"][0].status is Status.PASS
        assert report.checks["valkey:responseTime"][0].output == "It is behind."


async def test_a_start_does_not_wait_for_what_hangs_and_says_that_nobody_has_looked() -> None:
    began = time.monotonic()
    async with Health([Dependency(hangs=True).check()]).watching(first_look_seconds=0.05) as health:
        assert time.monotonic() - began < 0.5
        report = health.report()
    assert report.status is Status.FAIL
    assert report.checks["database:responseTime"][0].output == "Nobody has looked yet."


async def test_asking_is_no_look() -> None:
    dependency = Dependency()
    async with Health([dependency.check(every_seconds=1.0)]).watching() as health:
        until = time.monotonic() + 1.2
        asked = 0
        while time.monotonic() < until:
            health.report()
            asked += 1
            await asyncio.sleep(0)
    assert asked > 1_000
    assert dependency.looks in {1, 2}


async def test_it_ends_at_once_also_while_looks_hang() -> None:
    deaf = Dependency(is_deaf=True)
    with released(deaf):
        async with Health([deaf.check(), Dependency(hangs=True).check()]).watching(first_look_seconds=0.01):
            began = time.monotonic()
        assert time.monotonic() - began < 0.5


@contextmanager
def time_passed(seconds: float) -> Iterator[None]:
    """Has the clock of those who look be ahead for so long."""
    now = time.monotonic() + seconds
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("threadly.core.observability.health.watching.time.monotonic", lambda: now)
        yield


async def test_what_nobody_looks_at_any_more_is_not_believed() -> None:
    dependency = Dependency()
    health = Health([dependency.check(every_seconds=1.0, timeout_seconds=0.5)])
    async with health.watching():
        assert health.report().status is Status.PASS
        for task in asyncio.all_tasks():
            if task.get_name() == "health database:responseTime":
                task.cancel()  # as a defect would
        with time_passed(5.0):
            assert health.report().status is Status.PASS
        with time_passed(9.0):
            report = health.report()
    assert report.status is Status.FAIL
    assert report.checks["database:responseTime"][0].output == "Nobody has looked for 9 s: what looks is stuck."


async def test_whoever_is_about_to_stop_is_not_ready_however_well_it_is() -> None:
    leaving = False
    async with Health([Dependency().check()], stopping=lambda: leaving).watching() as health:
        assert health.report().status is Status.PASS
        leaving = True
        report = health.report()
    assert (report.status, report.notes) == (Status.FAIL, ("It is about to stop.",))
