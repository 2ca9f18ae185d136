"""Each failure is counted, some are looked at closely, and nobody waits for that or fails with it."""

import asyncio
import gc
import threading
import weakref
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.core.observability.errors.failing import Told, caught, raised, raised_in, tracker
from threadly.core.auth import SignInNeeded
from threadly.core.errors import NotFound
from threadly.core.observability import Work, current
from threadly.core.observability.crumbs import note
from threadly.core.observability.errors import Tracker, decoded


class OrderWork(Work, kw_only=True):
    order_id: str | None = None


def sold(number: int) -> BaseException:
    return raised_in("shop.orders", ValueError(f"order {number}"))


def counts(errors: Tracker) -> list[int]:
    return [group.count for group in errors.said().groups]


def test_failures_of_a_kind_are_one_group_with_one_of_them_looked_at_closely() -> None:
    told = Told()
    errors = tracker(told)
    ids = {errors.capture(sold(number)) for number in range(1, 8)}

    (group,) = errors.said().groups
    assert ids == {group.id}
    assert (group.level, group.type, group.count, group.release) == ("error", "ValueError", 7, "1.2")
    assert group.where == ("shop.orders:sell", "shop.orders:sell")
    assert group.sample is not None
    assert group.sample.failure["message"] == "order 1"
    assert group.sample.failure["frames"][-1].endswith(":sell")
    (report,) = told.reports
    assert (report.group.id, report.process, report.environment) == (group.id, "web 1", "production")


def test_the_work_that_failed_is_told_by_typed_fields_and_what_it_logged_before() -> None:
    errors = tracker()
    with OrderWork(request_id="r1", method="POST", route="/orders/{id}", order_id="o1") as work:
        note(work, "shop", "info", "Reserved.")
        errors.capture(sold(1))

    sample = errors.said().groups[0].sample
    assert sample is not None
    assert sample.context == {
        "request_id": "r1", "method": "POST", "route": "/orders/{id}", "order_id": "o1",
    }  # fmt: skip
    assert [(crumb.category, crumb.message) for crumb in sample.breadcrumbs] == [("shop", "Reserved.")]


def test_nothing_private_is_told_and_no_local_variable() -> None:
    told = Told()
    errors = tracker(told)

    def pay() -> None:
        card = "4111 1111 1111 1111"
        raise ValueError(f"declined: {card} of jane.doe@example.org")

    with pytest.raises(ValueError, match="declined") as failure, Work(request_id="r1"):
        pay()
    errors.capture(failure.value)
    words = str(told.reports) + str(errors.said())
    assert "declined: [card] of [e-mail]" in words
    assert "4111 1111" not in words
    assert "jane" not in words


def test_a_failure_that_several_hand_on_counts_once() -> None:
    errors = tracker()
    failure = sold(1)
    with Work(method="GET"):
        assert errors.capture(failure) == errors.capture(failure)
    assert counts(errors) == [1]


def test_noise_is_dropped_and_counted_by_its_reason() -> None:
    errors = tracker()
    with Work(method="GET"):
        assert errors.capture(raised_in("shop.listings", NotFound())) is None
    assert errors.said().groups == []
    assert errors.dropped == {"refused": 1}


def test_a_refusal_that_is_serious_is_a_warning() -> None:
    errors = tracker()
    with Work(method="GET"):
        errors.capture(raised_in("shop.listings", SignInNeeded()))
    assert [group.level for group in errors.said().groups] == ["warning"]


def test_a_job_has_no_noise_since_nobody_sees_its_refusals() -> None:
    errors = tracker()
    with Work(job="orders.ship", job_id=7):
        errors.capture(raised_in("shop.listings", NotFound()))
    (group,) = errors.said().groups
    assert group.sample is not None
    assert group.sample.context == {"job": "orders.ship", "job_id": 7}


def test_a_line_is_logged_for_a_new_kind_and_whenever_its_number_has_grown_tenfold() -> None:
    errors = tracker()
    with capture_logs() as lines:
        for number in range(1500):
            errors.capture(sold(number))

    assert [(line["event"], line.get("count")) for line in lines] == [
        ("A failure of a new kind.", None),
        ("A failure has repeated.", 10),
        ("A failure has repeated.", 100),
        ("A failure has repeated.", 1000),
    ]
    assert {line["log_level"] for line in lines} == {"error"}
    (group,) = errors.said().groups
    assert {(line["error"], line["failure"]) for line in lines} == {(group.id, group.type)}


def test_a_line_within_a_request_names_the_kind_once_and_as_the_line_of_the_request_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[tuple[object, set[str]]] = []

    class Recording:
        def log(self, _level: int, _event: str, **fields: object) -> None:
            work = current()
            told.append((work and work.error, set(fields)))

    monkeypatch.setattr("threadly.core.observability.errors.tracker._log", Recording())
    errors = tracker()
    with Work(method="GET") as work:
        errors.capture(raised_in("shop.listings", ValueError("x")))
    (group,) = errors.said().groups
    assert group.id == work.error
    assert told == [(group.id, {"failure", "exc_info"})]


def test_kinds_without_number_are_bounded_counted_and_seldom_looked_at() -> None:
    told = Told()
    errors = tracker(told, groups=100, samples_per_second=10)
    with capture_logs() as lines:
        for number in range(1000):
            errors.capture(raised_in(f"shop.m{number}", ValueError("x")))

    said = errors.said()
    assert len(said.groups) == 100
    assert sum(group.count for group in said.groups) + said.forgotten == 1000
    assert 20 <= len(told.reports) < 100
    assert len(lines) == len(told.reports)


def test_one_that_goes_on_is_looked_at_again_from_time_to_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr("threadly.core.observability.errors.tracker.monotonic", lambda: now[0])
    told = Told()
    errors = tracker(told, sample_every=timedelta(seconds=60))
    for second in range(150):
        now[0] = 1000.0 + second
        errors.capture(sold(second))
    assert [report.sample.failure["message"] for report in told.reports] == [
        "order 0",
        "order 9",
        "order 69",
        "order 99",
    ]


def test_a_receiver_that_fails_or_a_failure_that_cannot_be_read_stops_nobody() -> None:
    class Unreadable(Exception):
        def __str__(self) -> str:
            raise RuntimeError("no text")

    class Failing:
        def take(self, _: object) -> None:
            raise OSError("nobody is there")

    errors = tracker(Failing())
    with Work(request_id="r1") as work:
        kind = errors.capture(sold(1))
    assert kind == work.error == errors.said().groups[0].id
    assert errors.dropped == {"receiver": 1}
    quiet = tracker()
    assert quiet.capture(raised(Unreadable())) is not None
    assert quiet.capture(ValueError("never raised")) is not None
    assert counts(errors) == [1]


def test_nothing_of_a_failure_is_kept_alive() -> None:
    class Big:
        """Something that must go."""

    def fail() -> "weakref.ref[Big]":
        big = Big()
        errors.capture(caught(_fail_with, big))
        return weakref.ref(big)

    errors = tracker()
    gone = fail()
    gc.collect()
    assert gone() is None


def test_what_is_said_is_new_or_nothing() -> None:
    errors = tracker()
    assert errors.told() is None
    errors.capture(sold(1))
    body = errors.told()
    assert body is not None
    assert decoded(body).groups[0].count == 1
    assert errors.told() is None


def test_what_was_said_is_said_again_since_nobody_knows_whether_it_has_arrived(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    errors = tracker()
    monkeypatch.setattr("threadly.core.observability.errors.tracker.monotonic", lambda: 100.0)
    errors.capture(sold(1))
    assert errors.told() is not None
    monkeypatch.setattr("threadly.core.observability.errors.tracker.monotonic", lambda: 109.0)
    assert errors.told() is None
    monkeypatch.setattr("threadly.core.observability.errors.tracker.monotonic", lambda: 111.0)
    body = errors.told()
    assert body is not None
    assert decoded(body).groups[0].count == 1


def test_a_failure_whose_status_cannot_be_read_is_news() -> None:
    class Hostile(Exception):
        @property
        def status(self) -> int:
            raise RuntimeError("no status")

    errors = tracker()
    assert errors.capture(Hostile()) is not None
    assert errors.dropped == {}


def test_threads_may_fail_as_well() -> None:
    errors = tracker()
    threads = [threading.Thread(target=errors.capture, args=(sold(number),)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts(errors) == [20]


async def test_what_a_task_leaves_behind_is_captured_as_nobodys() -> None:
    async def fail() -> None:
        raise raised_in("shop.media", OSError("disk"))

    errors = tracker()
    loop = asyncio.get_running_loop()
    before: Any = loop.get_exception_handler()
    with errors.watching(loop), Work(request_id="mine", method="GET"):
        task = asyncio.create_task(fail())
        await asyncio.wait([task])
        del task
        gc.collect()
        loop.call_soon(_raise)
        await asyncio.sleep(0)
        assert current() is not None
    assert loop.get_exception_handler() is before
    found = errors.said().groups
    assert sorted(group.type for group in found) == ["OSError", "ZeroDivisionError"]
    assert [group.sample.context for group in found if group.sample] == [{}, {}]


def _raise() -> None:
    raise ZeroDivisionError


def _fail_with(_: object) -> None:
    raise ValueError("x")
