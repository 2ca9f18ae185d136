"""Times as one writes them: `10s`, `5m`, or a bare number of seconds; ISO 8601 (`PT10S`) is left to who reads it."""

import re
from datetime import timedelta
from typing import Final

_UNITS: Final = {
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
    "s": timedelta(seconds=1),
    "ms": timedelta(milliseconds=1),
}
_TIME: Final = re.compile(rf"\s*(?P<number>[0-9]{{1,9}}(?:\.[0-9]{{1,6}})?)\s*(?P<unit>{'|'.join(_UNITS)}|)\s*")


def meant(text: str) -> timedelta | str:
    """The time that a number, perhaps with its unit, stands for; any other text as it is."""
    match = _TIME.fullmatch(text)
    if match is None:
        return text
    return float(match["number"]) * _UNITS[match["unit"] or "s"]


def written(time: timedelta) -> str:
    """In the largest unit of which it is a whole number: `90s`, `5m`."""
    for name, unit in _UNITS.items():
        if not time % unit and (time or name == "s"):
            return f"{time // unit}{name}"
    return f"{time.total_seconds():g}s"
