"""The check sees everything, and says what it misses."""

import re
import shutil
from pathlib import Path

from tests.processes import program


def test_check_visits_everything_stops_everything_and_says_so(data: Path) -> None:
    with program("threadly", "demo", "--check", "--data", str(data), "--workers", "1") as demo:
        code, said = demo.finish(within=300)
    assert code == 0, said
    for visit in (
        "home",
        "department",
        "next page",
        "listing",
        "picture, 1280 px",
        "API: price_desc, next",
        "sign up",
        "publish, with a photo",
        "its category",
        "found by its words",
        "gone",
        "a job",
    ):
        assert re.search(rf"✓\s+{visit}\s", said), visit
    assert "✗" not in said
    assert re.search(r"First page after \d+\.\d s\.", said)
    assert re.search(r"\d+ processes ended within \d\.\d s; none is left\.", said)


def test_a_check_that_misses_something_ends_with_1_and_the_reason(data: Path) -> None:
    hidden = (data / "media").rename(data / "hidden")
    try:
        with program("threadly", "demo", "--check", "--data", str(data), "--workers", "1") as demo:
            code, said = demo.finish(within=300)
    finally:
        shutil.rmtree(data / "media", ignore_errors=True)  # the sale has put its photo there
        hidden.rename(data / "media")
    assert code == 1
    assert "status 404, not 200" in said
