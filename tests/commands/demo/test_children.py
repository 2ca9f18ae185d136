"""The demo's own processes: heard, watched and ended."""

import os
import re
from pathlib import Path

import pytest

from threadly.commands.demo.children import child
from threadly.commands.errors import ChildDied


async def test_a_child_that_ends_by_itself_is_told_with_the_end_of_its_log(tmp_path: Path) -> None:
    async with child("web server", "no-such-command", environment=os.environ, log=tmp_path / "web.log") as started:
        with pytest.raises(ChildDied, match=r"The web server ended with 2\. The end of .*web\.log:") as told:
            await started.said(re.compile("never said"))
    assert "Unknown command" in str(told.value)
    assert "Unknown command" in (tmp_path / "web.log").read_text()
    assert (tmp_path / "web.log").stat().st_mode & 0o777 == 0o600


async def test_the_log_of_the_start_before_is_kept(tmp_path: Path) -> None:
    (tmp_path / "web.log").write_text("yesterday\n")
    async with child("web server", "--version", environment=os.environ, log=tmp_path / "web.log") as started:
        await started.died()
    assert (tmp_path / "web.log").read_text().startswith("yesterday\n")
