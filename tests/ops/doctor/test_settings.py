"""The settings, as `threadly check` reads them."""

from tests.settings.installations import GOOD
from threadly.core.observability.health import Status
from threadly.ops.doctor import settings
from threadly.ops.doctor.findings import Finding, Findings
from threadly.settings import read


def found(environment: dict[str, str]) -> list[Finding]:
    taken = Findings("settings")
    settings.look(read(environment), taken)
    return taken.taken


def test_settings_where_all_is_well_are_one_line() -> None:
    (line,) = found(GOOD)
    assert (line.status, line.seen) == (Status.PASS, f"{len(GOOD)} given, all well")


def test_each_mistake_and_each_warning_is_a_line_of_its_own() -> None:
    lines = found({**GOOD, "THREADLY_DATABSE__URL": "topsecret", "THREADLY_AUTH__SESSION_LONGEST": "P400D"})
    assert [line.status for line in lines] == [Status.FAIL, Status.WARN]
    assert "THREADLY_DATABSE__URL" in lines[0].seen
    assert "topsecret" not in repr(lines)


def test_a_folder_that_can_be_read_is_said() -> None:
    lines = found({**GOOD, "THREADLY_SITE__FOLDER": "examples/sites/kleine-runde"})
    assert lines[-1].about == "site folder"
