"""One look: what it sees, how long it may take, and what becomes of one that does not end."""

import asyncio
import threading
import time

import pytest

from tests.core.observability.health.looks import Dependency, released
from threadly.core.observability.health import Apart, Check, Reading, Status, Unhealthy
from threadly.core.observability.health.checks import Looking


async def test_what_works_is_told_by_the_time_it_took() -> None:
    seen = await Looking(Dependency().check()).once()
    assert (seen.status, seen.unit, seen.output) == (Status.PASS, "ms", None)
    assert isinstance(seen.value, float)


@pytest.mark.parametrize(
    ("case", "is_required", "dependency", "status", "output"),
    [
        ("required", True, Dependency(trouble="It is behind."), Status.FAIL, "It is behind."),
        ("not required", False, Dependency(trouble="It is behind."), Status.WARN, "It is behind."),
        ("a warning stays one", True, Dependency(warning="Nearly full."), Status.WARN, "Nearly full."),
        ("hangs", True, Dependency(hangs=True), Status.FAIL, "No answer in 20 ms."),
        ("hangs, not required", False, Dependency(hangs=True), Status.WARN, "No answer in 20 ms."),
    ],
)
async def test_what_is_wrong_is_said_and_weighs_what_its_check_does(
    case: str, is_required: bool, dependency: Dependency, status: Status, output: str
) -> None:
    seen = await Looking(dependency.check(is_required=is_required, timeout_seconds=0.02)).once()
    assert (seen.status, seen.output) == (status, output), case


async def test_a_failure_seen_in_something_not_required_is_a_warning() -> None:
    async def look() -> Reading:
        return Reading(0.5, "percent", Status.FAIL, "The disk is full.")

    seen = await Looking(Check("disk", "freeSpace", look, is_required=False)).once()
    assert seen == Reading(0.5, "percent", Status.WARN, "The disk is full.")


async def test_an_error_is_named_by_its_kind_and_never_by_what_it_says() -> None:
    async def look() -> None:
        raise ConnectionError("postgresql://u:swordfish@db") from OSError("swordfish")

    seen = await Looking(Check("database", "responseTime", look)).once()
    assert seen.output == "It cannot be used: ConnectionError (OSError)."


async def test_a_look_that_ignores_its_end_is_left_behind_and_no_other_is_begun_beside_it() -> None:
    deaf = Dependency(is_deaf=True)
    looking = Looking(deaf.check(timeout_seconds=0.02))
    with released(deaf):
        began = time.monotonic()
        assert (await looking.once()).output == "No answer in 20 ms."
        for _ in range(5):
            assert "An earlier look has not come back" in str((await looking.once()).output)
        assert time.monotonic() - began < 0.5
        assert deaf.looks == 1
    await asyncio.sleep(0.01)
    deaf.is_deaf = False
    assert (await looking.once()).status is Status.PASS


async def test_work_that_hangs_in_the_system_takes_one_thread_and_keeps_nobody_waiting() -> None:
    stuck = threading.Event()

    def hang() -> None:
        stuck.wait(30)

    before = threading.active_count()
    looking = Looking(Check("media", "writable", Apart(hang), timeout_seconds=0.02))
    assert (await looking.once()).output == "No answer in 20 ms."
    await asyncio.sleep(0.01)
    for _ in range(5):
        assert (await looking.once()).output == "An earlier look has not come back."
    assert threading.active_count() == before + 1
    stuck.set()


async def test_work_apart_gives_what_it_returns_or_raises() -> None:
    def fail() -> None:
        raise Unhealthy("It is read-only.")

    assert await Apart(lambda: 5)() == 5
    with pytest.raises(Unhealthy, match="read-only"):
        await Apart(fail)()


def test_nothing_is_looked_at_more_than_once_a_second() -> None:
    Dependency().check(every_seconds=1.0)
    with pytest.raises(ValueError, match="database:responseTime would be looked at more than once a second"):
        Dependency().check(every_seconds=0.99)


def test_the_worst_of_none_is_that_all_is_well() -> None:
    assert Status.worst() is Status.PASS
    assert Status.worst(Status.PASS, Status.FAIL, Status.WARN) is Status.FAIL
