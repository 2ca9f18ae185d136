"""What is said: by the draft's form, for one process and for several."""

from datetime import timedelta
from typing import Any, Final

import jsonschema
import msgspec
import pytest

from tests.core.observability.health.looks import Dependency
from tests.core.observability.health.schema import SCHEMA, valid
from threadly.core import clock
from threadly.core.observability.health import Health, Status, merged, package_health

CASES: Final = [
    ("well", Dependency(), Status.PASS),
    ("wrong", Dependency(trouble="It is behind."), Status.FAIL),
    ("nearly", Dependency(warning="Nearly full."), Status.WARN),
    ("hanging", Dependency(hangs=True), Status.FAIL),
]


def a_health(*several: Dependency, **others: Any) -> Health:  # noqa: ANN401 - whatever it takes
    checks = [
        each.check(component=f"part{number}", affected_endpoints=("/listings/{id}",), timeout_seconds=0.05)
        for number, each in enumerate(several)
    ]
    return Health(checks, version="1.4.0", release="0a1b2c3", service="threadly", owner="operations", **others)


@pytest.mark.parametrize(("case", "dependency", "status"), CASES)
async def test_what_is_said_has_the_form_of_the_draft(case: str, dependency: Dependency, status: Status) -> None:
    async with a_health(dependency).watching(first_look_seconds=0.3) as health:
        told = valid(health.report())
    assert (told["status"], told["version"], told["releaseId"]) == (status, "1.4.0", "0a1b2c3"), case
    (detail,) = told["checks"]["part0:responseTime"]
    assert detail.keys() >= {"status", "observedValue", "observedUnit", "time", "since", "owner", "runbook"}
    assert ("output" in detail) == ("affectedEndpoints" in detail) == (status is not Status.PASS)


async def test_the_schema_refuses_what_is_not_of_the_form() -> None:
    validator = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    validator.check_schema(SCHEMA)
    for wrong in (
        {},
        {"status": "up"},
        {"status": "pass", "output": "x"},
        {"status": "pass", "checks": {"database": {"status": "pass"}}},
        {"status": "pass", "checks": {"a:b:c": [{"status": "pass"}]}},
        {"status": "pass", "checks": {"database": [{"status": "pass", "output": "x"}]}},
        {"status": "pass", "checks": {"database": [{"status": "pass", "observedUnit": "ms"}]}},
        {"status": "pass", "checks": {"database": [{"status": "pass", "secret": "x"}]}},
    ):
        assert list(validator.iter_errors(wrong)), wrong


async def test_the_public_hears_the_status_of_each_component_and_no_more() -> None:
    async with a_health(Dependency(), Dependency(trouble="10.0.0.7 is gone.")).watching() as health:
        told = valid(health.report().short())
    assert told == {"status": "fail", "checks": {"part0": [{"status": "pass"}], "part1": [{"status": "fail"}]}}


async def test_each_package_is_told_by_its_measurements() -> None:
    checks = [
        Dependency().check(),
        Dependency(trouble="Behind.").check(measurement="migrations"),
        Dependency(warning="Nearly.").check(component="valkey"),
    ]
    async with Health(checks).watching() as health:
        assert package_health(health.report()) == {
            "database": {"responseTime": "pass", "migrations": "fail"},
            "valkey": {"responseTime": "warn"},
        }


async def test_of_several_processes_the_worst_counts_and_stands_first() -> None:
    async with (
        a_health(Dependency()).watching() as well,
        a_health(Dependency(trouble="It is behind.")).watching() as ill,
    ):
        told = {"a" * 32: well.told(), "b" * 32: ill.told()}
        report = merged(told, now=clock.now(), expected=2)
    valid(report)
    assert report.status is Status.FAIL
    first, second = report.checks["part0:responseTime"]
    assert (first.component_id, first.status) == ("b" * 8, Status.FAIL)
    assert (second.component_id, second.status) == ("a" * 8, Status.PASS)
    assert report.checks["workers:reporting"][0].observed_value == 2
    assert report.checks["workers:reporting"][0].status is Status.PASS
    assert report.version == "1.4.0"


def test_when_no_process_tells_how_it_does_that_is_a_failure() -> None:
    report = merged({}, now=clock.now(), expected=2)
    valid(report)
    assert report.status is Status.FAIL
    assert report.checks["workers:reporting"][0].output == "No worker tells how it does. 2 of 2 are missing."


async def test_a_process_that_has_fallen_silent_or_is_missing_is_a_warning_and_all_of_them_a_failure() -> None:
    async with a_health(Dependency()).watching() as health:
        told = health.told()
    later = clock.now() + timedelta(seconds=30)
    fresh = msgspec.msgpack.encode({**msgspec.msgpack.decode(told), "at": later})

    alone = merged({"a" * 32: told}, now=later, expected=1)
    assert alone.status is Status.FAIL
    assert alone.checks["workers:reporting"][0].output == "No worker tells how it does. 1 said nothing for 10 s."
    beside = merged({"a" * 32: told, "b" * 32: fresh}, now=later, expected=3)
    assert beside.status is Status.WARN
    assert beside.checks["workers:reporting"][0].output == "1 said nothing for 10 s. 1 of 3 are missing."
    assert len(beside.checks["part0:responseTime"]) == 1


async def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(msgspec.DecodeError):
        merged({"a" * 32: b"nonsense"}, now=clock.now())
