"""Failures as they reach whoever is told: the process's own kinds, and Sentry by its envelopes. One suite for both.

What only Sentry can do stands below: refuse, limit, hang, or be nobody.
"""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias

import pytest

from tests.core.observability.errors.failing import raised_in, tracker
from tests.integrations.reports import a_report
from tests.sentry_receiver import sentry_receiver
from threadly.context import ShopWork
from threadly.core.auth import SignInNeeded
from threadly.core.errors import NotFound
from threadly.core.observability import Work
from threadly.core.observability.crumbs import note
from threadly.core.observability.errors import Tracker
from threadly.core.observability.errors.groups import Group
from threadly.integrations.sentry import MOST_WAITING, UNSENT, Sentry

PATIENT = timedelta(seconds=5)


@dataclass
class Heard:
    """A failure, as whoever was told would find it."""

    kind: str
    level: str
    release: str
    types: list[str]
    messages: list[str]
    functions: list[str]
    member: str | None
    context: dict[str, Any]
    crumbs: list[tuple[str, str, str]]
    all: str


@dataclass
class Telling:
    """Failures go in, and what was heard comes out."""

    errors: Tracker
    heard: Callable[[], list[Heard]]


Told: TypeAlias = Callable[[], AbstractContextManager[Telling]]


@contextmanager
def here() -> Iterator[Telling]:
    """The process's own."""
    errors = tracker()
    yield Telling(errors, lambda: [_of_group(group) for group in errors.said().groups if group.sample])


@contextmanager
def at_sentry() -> Iterator[Telling]:
    """An endpoint that takes envelopes."""
    with sentry_receiver() as receiver:
        sentry = Sentry(receiver.dsn, release="1.2", environment="production")

        def heard() -> list[Heard]:
            sentry.close(PATIENT)
            return [_of_event(event) for event in reversed(receiver.events)]

        yield Telling(tracker(sentry), heard)


BOTH = pytest.mark.parametrize("told", [here, at_sentry])


@BOTH
def test_what_failed_is_told_with_its_causes_and_where(told: Told) -> None:
    with told() as telling:
        failure = raised_in("shop.orders", ValueError("no stock"), deep=0)
        failure.__cause__ = raised_in("shop.stock", KeyError("shelf"), function="take", deep=0)
        telling.errors.capture(failure)
        (heard,) = telling.heard()
    assert (heard.level, heard.release) == ("error", "1.2")
    assert heard.types == ["KeyError", "ValueError"]
    assert heard.messages == ["'shelf'", "no stock"]
    assert heard.functions[-1] == "sell"
    assert heard.kind == telling.errors.said().groups[0].id


@BOTH
def test_whose_and_about_what_is_told_by_ids_and_what_came_before(told: Told) -> None:
    with told() as telling:
        with ShopWork(request_id="r1", method="POST", route="/listings/{id}", member_id="m1", listing_id="l1") as work:
            note(work, "shop.orders", "info", "Reserved.")
            telling.errors.capture(raised_in("shop.orders", ValueError("no")))
        (heard,) = telling.heard()
    assert heard.member == "m1"
    assert {name: heard.context[name] for name in ("request_id", "route", "listing_id")} == {
        "request_id": "r1", "route": "/listings/{id}", "listing_id": "l1",
    }  # fmt: skip
    assert heard.crumbs == [("shop.orders", "info", "Reserved.")]


@BOTH
def test_nothing_private_is_told(told: Told) -> None:
    with told() as telling:
        with Work(request_id="r1") as work:
            note(work, "shop", "info", "Mailed jane.doe@example.org.")
            said = "card 4111 1111 1111 1111, password=hunter2secret, Bearer abcdefgh12345678, sk_live_abcdefghijkl"
            telling.errors.capture(raised_in("shop.orders", ValueError(said)))
        (heard,) = telling.heard()
    for secret in ("4111 1111", "41111111", "hunter2secret", "abcdefgh12345678", "sk_live_abcdefghijkl", "jane.doe"):
        assert secret not in heard.all
    assert "[card]" in heard.all


@BOTH
def test_no_local_variable_and_no_line_of_source_is_told(told: Told) -> None:
    with told() as telling:
        telling.errors.capture(raised_in("shop.orders", ValueError("no"), deep=3))
        (heard,) = telling.heard()
    for word in ("vars", "context_line", "pre_context", "raise failure"):
        assert word not in heard.all


@BOTH
def test_a_thousand_of_a_kind_are_told_a_few_times(told: Told) -> None:
    with told() as telling:
        for number in range(1000):
            telling.errors.capture(raised_in("shop.orders", ValueError(f"order {number}")))
        heard = telling.heard()
    assert 1 <= len(heard) <= 4
    assert len({each.kind for each in heard}) == 1


@BOTH
def test_noise_is_not_told_and_what_is_serious_is_a_warning(told: Told) -> None:
    with told() as telling:
        with Work(method="GET"):
            telling.errors.capture(raised_in("shop.listings", NotFound()))
            telling.errors.capture(raised_in("shop.listings", SignInNeeded()))
        (heard,) = telling.heard()
    assert (heard.level, heard.types) == ("warning", ["SignInNeeded"])


# What only Sentry can do


def test_the_sdk_collects_nothing_by_itself() -> None:
    with sentry_receiver() as receiver:
        sentry = Sentry(receiver.dsn, release="1.2", environment="production")
        assert not sentry.client.should_send_default_pii()
        assert sentry.client.integrations == {}
        sentry.take(a_report())
        sentry.close(PATIENT)
    (event,) = receiver.events
    assert event["fingerprint"] == ["a1b2c3"]
    assert event["environment"] == "production"
    assert event["contexts"]["kind"]["count"] == 3
    assert set(event) <= {
        "event_id", "timestamp", "level", "logger", "server_name", "transaction", "fingerprint", "exception",
        "platform", "breadcrumbs", "tags", "contexts", "user", "release", "environment", "sdk", "_meta",
    }  # fmt: skip
    assert socket.gethostname() not in str(event)


@pytest.mark.parametrize("behaviour", ["hang", "refuse", "limit"])
def test_an_endpoint_that_hangs_or_refuses_keeps_nobody_waiting(behaviour: Any) -> None:  # noqa: ANN401
    before = unsent()
    with sentry_receiver(behaviour) as receiver:
        sentry = Sentry(receiver.dsn, release="1.2", environment="production")
        began = time.perf_counter()
        for _ in range(3 * MOST_WAITING):
            sentry.take(a_report())
        each = (time.perf_counter() - began) / (3 * MOST_WAITING)
        began = time.perf_counter()
        sentry.close(timedelta(seconds=0.5))
        took = time.perf_counter() - began
    assert each < 0.2  # what hangs would keep us for two; the rest is for a machine with other things to do
    assert took < 5
    if behaviour == "hang":
        assert unsent() - before >= MOST_WAITING  # there was no room for them


def test_nobody_at_the_address_costs_nothing_either() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        sentry = Sentry(f"http://key@127.0.0.1:{taken.getsockname()[1]}/7", release="1", environment="test")
        sentry.take(a_report())
        began = time.perf_counter()
        sentry.close(timedelta(seconds=1))
        assert time.perf_counter() - began < 3


def test_a_process_ends_though_its_endpoint_hangs() -> None:
    with sentry_receiver("hang") as receiver:
        code = (
            "from datetime import timedelta\n"
            "from tests.integrations.reports import a_report\n"
            "from threadly.integrations.sentry import Sentry\n"
            f"sentry = Sentry({receiver.dsn!r}, release='1', environment='test')\n"
            "sentry.take(a_report())\n"
            "sentry.close(timedelta(seconds=0.5))\n"
        )
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True, timeout=20)
        assert time.perf_counter() - began < 10


def unsent() -> float:
    """How many Sentry was not told of."""
    return sum(sample.value for family in UNSENT.collect() for sample in family.samples if "total" in sample.name)


def _of_group(group: Group) -> Heard:
    sample = group.sample
    assert sample is not None
    chain = [sample.failure]
    while "cause" in chain[-1]:
        chain.append(chain[-1]["cause"])
    return Heard(
        kind=group.id,
        level=group.level,
        release=group.release,
        types=[each["type"].rpartition(".")[2] for each in reversed(chain)],
        messages=[each["message"] for each in reversed(chain)],
        functions=[frame.rpartition(":")[2] for frame in sample.failure["frames"]],
        member=None if "member_id" not in sample.context else str(sample.context["member_id"]),
        context=dict(sample.context),
        crumbs=[(crumb.category, crumb.level, crumb.message) for crumb in sample.breadcrumbs],
        all=str(group),
    )


def _of_event(event: dict[str, Any]) -> Heard:
    chain = event["exception"]["values"]
    return Heard(
        kind=event["fingerprint"][0],
        level=event["level"],
        release=event["release"],
        types=[each["type"] for each in chain],
        messages=[each["value"] for each in chain],
        functions=[frame["function"] for frame in chain[-1]["stacktrace"]["frames"]],
        member=event.get("user", {}).get("id"),
        context=event["contexts"]["marketplace"],
        crumbs=[(each["category"], each["level"], each["message"]) for each in event["breadcrumbs"]["values"]],
        all=str(event),
    )
