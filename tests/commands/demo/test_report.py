"""The report of a check."""

import pytest
from rich.console import Console

from threadly.commands.demo.processes import Process
from threadly.commands.demo.report import Figures, report
from threadly.commands.demo.visits import Seen

GOOD = Seen("home", "/", "200", 28_498, 0.0123, None)
BAD = Seen("a listing", "/listings/[x]/" + "y" * 60, "500", 0, 0.001, "status 500, not 200")
LEFT = Process(4711, started=1, parent=1, name="postgres")


@pytest.mark.parametrize(
    ("case", "seen", "left", "well", "says"),
    [
        ("all is well", [GOOD], (), True, "✓ 1 of 1 answers were as they should be."),
        ("a visit is wrong", [GOOD, BAD], (), False, "✗ 1 of 2 answers were as they should be."),
        ("a process is left", [GOOD], (LEFT,), False, "✗ 9 processes ended within 0.5 s; postgres (4711) is left."),
    ],
)
def test_the_report_says_whether_all_is_well(
    case: str,
    seen: list[Seen],
    left: tuple[Process, ...],
    well: bool,
    says: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    figures = Figures(
        first_page_seconds=2.44, stop_seconds=0.5, largest_web_worker_bytes=107_000_000, processes=9, left=left
    )
    assert report(Console(width=120), seen, figures) is well
    said = capsys.readouterr().out
    assert says in said
    assert "First page after 2.4 s." in said
    assert "The largest web worker takes 102 MiB." in said
    assert "28,498" in said
    assert all(visit.wrong in said for visit in seen if visit.wrong)
