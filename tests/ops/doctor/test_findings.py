"""What is taken down, and what it comes to."""

from threadly.core.observability.health import Status
from threadly.ops.doctor.findings import Findings, worst


def test_what_is_as_it_should_be_needs_nothing_done() -> None:
    found = Findings("database")
    found.judge("version", "18.1", expected="16 or newer", do="Bring it there.", is_good=True)
    found.good("answers", "in 3 ms", expected="an answer")
    assert [(finding.area, finding.status, finding.do) for finding in found.taken] == [
        ("database", Status.PASS, ""),
        ("database", Status.PASS, ""),
    ]
    assert worst(found.taken) is Status.PASS


def test_the_worst_is_what_all_of_them_come_to() -> None:
    found = Findings("database")
    found.judge("jobs", "3 are dead", expected="none", do="Look.", is_good=False, warns=True)
    assert worst(found.taken) is Status.WARN
    found.judge("version", "15.1", expected="16 or newer", do="Bring it there.", is_good=False)
    assert worst(found.taken) is Status.FAIL
    assert [finding.do for finding in found.taken] == ["Look.", "Bring it there."]
