"""What happens can be told where it is to be."""

import os
from pathlib import Path
from typing import Final

from threadly.core.config import Rule, Weight
from threadly.settings.installation import Installation

_FILE: Final = "THREADLY_OBSERVABILITY__LOGS__FILE"


def _can_be_written(installation: Installation) -> str | None:
    file = installation.observability.logs.file
    return None if file is None else _why_not(file.absolute())


def _why_not(file: Path) -> str | None:
    if os.path.isdir(file):  # noqa: PTH112  which never raises
        return "is a folder"
    if os.path.exists(file):  # noqa: PTH110
        return None if os.access(file, os.W_OK) else "is not ours to write"
    if not os.path.isdir(file.parent):  # noqa: PTH112
        return "is in a folder that is not there"
    return None if os.access(file.parent, os.W_OK | os.X_OK) else "is in a folder that is not ours to write"


LOGS: Final[tuple[Rule[Installation], ...]] = (
    Rule(
        "log-can-be-written",
        Weight.BROKEN,
        (_FILE,),
        "What goes wrong is told.",
        _can_be_written,
        mends="Name a file in a folder that is there, and that whoever starts Threadly may write to.",
    ),
)
