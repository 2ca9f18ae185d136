"""What this machine gives: files that may be open, and room for temporary ones."""

import resource
import tempfile
from pathlib import Path
from typing import Final

from threadly.core.observability.health import Apart, Reading, Status
from threadly.ops.checks import SCARCE_PERCENT, free_space
from threadly.ops.doctor.findings import Findings
from threadly.settings import Settings

_FILES: Final = 4096
"""Twice the connections that one worker holds at most."""


async def look(_settings: Settings, found: Findings) -> None:
    """Looks at both."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    told = "any number" if most == resource.RLIM_INFINITY else f"{most:,}"
    found.judge(
        "open files",
        f"a process may have {told}",
        expected=f"{_FILES:,} or more",
        do=f"Raise the limit of whoever starts it: LimitNOFILE={_FILES} for systemd, `ulimit -Hn {_FILES}` in a shell.",
        is_good=most == resource.RLIM_INFINITY or most >= _FILES,
        warns=True,
    )
    folder = Path(tempfile.gettempdir())
    disk(await Apart(lambda: free_space(folder))(), f"disk of {folder}", found)


def disk(seen: Reading, about: str, found: Findings) -> None:
    """How much of a disk is free."""
    found.judge(
        about,
        f"{seen.value} % free" if seen.unit else str(seen.value),
        expected=f"{SCARCE_PERCENT:g} % or more",
        do="Make room, or give it a larger disk: docs/runbooks/disk.md",
        is_good=seen.status is Status.PASS,
        warns=seen.status is Status.WARN,
    )
