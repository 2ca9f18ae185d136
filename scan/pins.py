"""Reads what `./dev lock` has pinned."""

import re
from pathlib import Path
from typing import Final

_PIN: Final = re.compile(r"^([\w.-]+)==([^\s;\\]+)", re.MULTILINE)


def pinned(file: Path) -> dict[str, str]:
    """The versions that a file of requirements pins, by name."""
    return dict(_PIN.findall(file.read_text(encoding="utf-8")))
