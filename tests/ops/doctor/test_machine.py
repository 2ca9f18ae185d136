"""What this machine gives."""

import pytest

from tests.ops.doctor.seeing import seen, wrong
from threadly.core.observability.health import Reading, Status
from threadly.ops.doctor import machine
from threadly.ops.doctor.findings import Findings
from threadly.settings import Settings


async def test_too_few_open_files_are_a_warning_with_what_to_set(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("resource.getrlimit", lambda _: (1024, 1024))
    found = await seen(machine.look, settings)
    assert wrong(found)["open files"] == "a process may have 1,024"
    assert "LimitNOFILE=4096" in found["open files"].do
    monkeypatch.setattr("resource.getrlimit", lambda _: (1024, 4096))
    assert "open files" not in wrong(await seen(machine.look, settings))


def test_a_disk_that_is_full_is_worse_than_one_that_is_nearly() -> None:
    found = Findings("machine")
    for status in Status:
        machine.disk(Reading(7.5, "percent", status), "disk", found)
    assert [finding.status for finding in found.taken] == list(Status)
    assert found.taken[0].seen == "7.5 % free"
