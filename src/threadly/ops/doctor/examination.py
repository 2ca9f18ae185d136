"""Looks at everything at once, and comes to an end whatever hangs.

Guaranteed: `LONGEST_SECONDS` and no more; what has not answered by then is a finding itself, and what was seen before
stays. A look that ignores its end is left behind: `Examination.left` says so, and whoever asked may end the process.
"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Final

from threadly.core.config import Reading
from threadly.ops.doctor import database, machine, media, valkey
from threadly.ops.doctor import settings as settings_of
from threadly.ops.doctor.findings import HANGS, Finding, Findings
from threadly.settings import Settings

LONGEST_SECONDS: Final = 1.0
_END_SECONDS: Final = 0.05
"""Of it, for those that are cut off to end."""

Look = Callable[[Settings, Findings], Coroutine[None, None, None]]
_REACHING: Final[Sequence[tuple[str, Look]]] = (
    ("database", database.look),
    ("valkey", valkey.look),
    ("media", media.look),
    ("machine", machine.look),
)
_REQUIRED: Final = {"database"}
"""What we cannot serve without. The rest warns, here as in `/health`."""


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found."""

    findings: Sequence[Finding]
    left: int
    """Looks that still hang."""


async def examine(reading: Reading[Settings], *, longest_seconds: float = LONGEST_SECONDS) -> Examination:
    """Looks at everything that the settings name; at nothing but the settings, where they cannot be used."""
    own = Findings("settings")
    settings_of.look(reading, own)
    settings = reading.settings
    if settings is None:
        return Examination(own.taken, left=0)
    areas = [Findings(area) for area, _ in _REACHING]
    looks = [
        asyncio.create_task(look(settings, found), name=f"doctor {found.area}")
        for found, (_, look) in zip(areas, _REACHING, strict=True)
    ]
    await asyncio.wait(looks, timeout=longest_seconds - _END_SECONDS)
    for looking, found in zip(looks, areas, strict=True):
        _conclude(looking, found, longest_seconds)
    _, left = await asyncio.wait(looks, timeout=_END_SECONDS)
    return Examination([*own.taken, *(finding for found in areas for finding in found.taken)], left=len(left))


def _conclude(looking: asyncio.Task[None], found: Findings, seconds: float) -> None:
    if not looking.done():
        looking.cancel()
        looking.add_done_callback(_let_go)
        found.judge(
            "answers",
            f"nothing, or not the rest, within {seconds:g} s",
            expected="an answer",
            do=f"{HANGS} docs/runbooks/{found.area}.md",
            is_good=False,
            warns=found.area not in _REQUIRED,
        )
    elif not looking.cancelled() and (failure := looking.exception()) is not None:
        found.judge(
            "examination",
            f"it ended with {type(failure).__name__}",
            expected="an end without a surprise",
            do="This is a defect: tell us what this line says.",
            is_good=False,
        )


def _let_go(looking: asyncio.Task[None]) -> None:
    if not looking.cancelled():
        looking.exception()
