"""What is said of a process's health: `application/health+json`, by draft-inadarei-api-health-check-06.

Each check stands under `component:measurement`, as a list: one entry for each process that looked. Besides the draft's
own keys an entry has `since` (when it began to be so), `owner`, `runbook`, `required`, and `unconfirmed`, what the last
look found where that is not taken for the truth yet. Its schema: docs/reference/health.schema.json.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

import msgspec

from threadly.core.observability.health.checks import Status

TOPIC: Final = "health"
"""By which a worker tells how it does (`Health.told`)."""
_BELIEVED_FOR: Final = timedelta(seconds=10)
"""What a process said longer ago is not what is true now: it tells about once a second."""


class Detail(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """One check, as one process sees it."""

    status: Status
    component_id: str | None = None
    component_type: str | None = None
    observed_value: float | str | None = None
    observed_unit: str | None = None
    time: datetime | None = None
    output: str | None = None
    affected_endpoints: tuple[str, ...] = ()
    since: datetime | None = None
    owner: str | None = None
    runbook: str | None = None
    required: bool | None = None
    unconfirmed: str | None = None


class Report(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """All of it."""

    status: Status
    version: str | None = None
    release_id: str | None = None
    service_id: str | None = None
    description: str | None = None
    notes: tuple[str, ...] = ()
    output: str | None = None
    checks: dict[str, list[Detail]] = {}

    @property
    def code(self) -> int:
        """The status of the HTTP answer that says this."""
        return 503 if self.status is Status.FAIL else 200

    def json(self) -> bytes:
        """As it is answered."""
        return msgspec.json.encode(self)

    def short(self) -> "Report":
        """For the public: how each component does, and nothing else."""
        components = package_health(self)
        checks = {name: [Detail(status=Status.worst(*found.values()))] for name, found in components.items()}
        return Report(status=self.status, notes=self.notes, checks=checks)


def package_health(report: Report) -> dict[str, dict[str, Status]]:
    """The status of each measurement, by component: `{"database": {"responseTime": "pass", …}, …}`; the worst seen."""
    found: dict[str, dict[str, Status]] = {}
    for name, details in report.checks.items():
        component, _, measurement = name.partition(":")
        found.setdefault(component, {})[measurement] = Status.worst(*(detail.status for detail in details))
    return found


class Told(msgspec.Struct, frozen=True):
    """What a process tells whoever merges the reports of several."""

    at: datetime
    report: Report


def merged(
    told: Mapping[str, bytes], *, now: datetime, expected: int | None = None, notes: Iterable[str] = ()
) -> Report:
    """One report of several processes, by what each said last (`Health.told`), under its name; the worst of them.

    A process that has said nothing for ten seconds counts as a warning, as does one that is missing; if that is all of
    them, it is a failure.

    Raises:
        msgspec.DecodeError: One of them makes no sense.
    """
    heard = {name: msgspec.msgpack.decode(said, type=Told) for name, said in told.items()}
    fresh = {name: each.report for name, each in heard.items() if now - each.at <= _BELIEVED_FOR}
    checks: dict[str, list[Detail]] = {}
    for name, report in sorted(fresh.items()):
        for check, details in report.checks.items():
            ours = [msgspec.structs.replace(detail, component_id=name[:8]) for detail in details]
            checks.setdefault(check, []).extend(ours)
    for details in checks.values():
        details.sort(key=lambda detail: -detail.status.rank)
    checks["workers:reporting"] = [_reporting(len(fresh), len(heard) - len(fresh), expected, now)]
    any_report = next(iter(fresh.values()), Report(status=Status.FAIL))
    return Report(
        status=Status.worst(
            *(report.status for report in fresh.values()), *(detail.status for detail in checks["workers:reporting"])
        ),
        version=any_report.version,
        release_id=any_report.release_id,
        service_id=any_report.service_id,
        description=any_report.description,
        notes=tuple(dict.fromkeys([*notes, *(note for report in fresh.values() for note in report.notes)])),
        checks=checks,
    )


def _reporting(fresh: int, silent: int, expected: int | None, now: datetime) -> Detail:
    missing = max((expected or 0) - fresh - silent, 0)
    output = " ".join(
        told
        for told in (
            "No worker tells how it does." if not fresh else "",
            f"{silent} said nothing for {_BELIEVED_FOR.seconds} s." if silent else "",
            f"{missing} of {expected} are missing." if missing else "",
        )
        if told
    )
    status = Status.FAIL if not fresh else Status.WARN if output else Status.PASS
    return Detail(
        status=status,
        component_type="component",
        observed_value=fresh,
        observed_unit="workers",
        time=now,
        output=output or None,
        runbook=None,
        required=True,
    )
