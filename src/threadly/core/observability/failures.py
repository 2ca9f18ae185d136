"""An exception as plain data: what it was, and where; never with what, so no local variable and no line of source.

Guaranteed: its text is scrubbed; frames, causes and members of groups are bounded, also where exceptions hold each
other; no file is read. Who files it elsewhere (an error tracker) finds in `frames` what to group by.
"""

import sys
from types import FrameType, TracebackType
from typing import Final, TypedDict

from threadly.core.observability.scrubbing.exceptions import text_of

_FRAMES: Final = 24
_CAUSES: Final = 4
_MEMBERS: Final = 4
_INSTALLED: Final = ("/site-packages/", "/dist-packages/")


class Failure(TypedDict, total=False):
    """One exception."""

    type: str
    """Where its class is, and its name: `threadly.core.errors.Conflict`."""
    message: str
    """Its text, without the values that it is about."""
    frames: list[str]
    """`file:line:function`, outermost first; the innermost 24. Files are named from their import path on."""
    cause: "Failure"
    """What it was raised from, or while what was handled."""
    members: list["Failure"]
    """Of an exception group; the first four."""


def failure_of(exception: BaseException) -> Failure:
    """The exception, its causes, and if it is a group, its members."""
    return _told(exception, _CAUSES)


def exception_of(exc_info: object) -> BaseException | None:
    """What `exc_info` means to a logger: an exception, `sys.exc_info()`'s three, or True for the one at hand."""
    if isinstance(exc_info, BaseException):
        return exc_info
    if isinstance(exc_info, tuple):
        return exc_info[1] if len(exc_info) > 1 and isinstance(exc_info[1], BaseException) else None
    return sys.exception() if exc_info else None


def name_of(exception: BaseException) -> str:
    """The name of its class, with where that is."""
    kind = type(exception)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _told(exception: BaseException, deeper: int) -> Failure:
    told: Failure = {
        "type": name_of(exception),
        "message": text_of(exception),
        "frames": frames_of(exception.__traceback__),
    }
    if deeper <= 0:
        return told
    if isinstance(exception, BaseExceptionGroup):
        told["members"] = [_told(member, deeper - 1) for member in exception.exceptions[:_MEMBERS]]
    cause = exception.__cause__ or (None if exception.__suppress_context__ else exception.__context__)
    if cause is not None:
        told["cause"] = _told(cause, deeper - 1)
    return told


def frames_of(traceback: TracebackType | None) -> list[str]:
    """Where a failure was, outermost call first: file, line and function; no code, which may hold a value."""
    frames: list[tuple[FrameType, int]] = []
    while traceback is not None:
        frames.append((traceback.tb_frame, traceback.tb_lineno))
        traceback = traceback.tb_next
    return [f"{place(frame.f_code.co_filename)}:{line}:{frame.f_code.co_qualname}" for frame, line in frames[-_FRAMES:]]


def place(path: str) -> str:
    """A file as it is imported: `sqlalchemy/engine/base.py`, whatever folder it was installed into."""
    for installed in _INSTALLED:
        if installed in path:
            return path.rpartition(installed)[2]
    for entry in _roots():
        if path.startswith(entry):
            return path.removeprefix(entry)
    return path


def _roots() -> list[str]:
    return sorted((f"{entry.rstrip('/')}/" for entry in sys.path if entry), key=len, reverse=True)
