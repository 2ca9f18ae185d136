"""What logging wants to be told."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field

from threadly.core.config import Section, spelled

_LEVEL: Final = spelled(r"debug|info|warning|error", form="debug, info, warning or error", example="info")
_FORM: Final = spelled(r"auto|json|text", form="auto, json or text", example="json")


class LogSettings(Section):
    """What is logged, how and where."""

    level: Annotated[str, _LEVEL] = "info"
    """The least that is told: debug, info, warning or error."""

    form: Annotated[str, _FORM] = "auto"
    """json is one object a line, for programs; text is for people; auto is json in production, and where no terminal
    is."""

    file: Path | None = Field(default=None, examples=["/var/log/threadly/web.log"])
    """A file for the lines, instead of standard output; it is rotated, and several processes may share it."""

    file_bytes: int = Field(default=64 << 20, ge=1 << 16)
    """The size, in bytes, at which the file is put aside and a new one begun."""

    file_age: timedelta = Field(default=timedelta(days=1), ge=timedelta(minutes=1), le=timedelta(days=366))
    """The age at which it is put aside, however small."""

    files_kept: int = Field(default=14, ge=0, le=1000)
    """How many files that were put aside are kept; the oldest goes first."""

    queue_bytes: int = Field(default=4 << 20, ge=1 << 16, le=1 << 30)
    """How much waits, in each process, for a reader that is slow or gone. What does not fit is dropped and counted."""

    repeats_per_second: int = Field(default=50, ge=1, le=1_000_000)
    """How often the same event is told each second; the rest is counted, and told as one line."""
