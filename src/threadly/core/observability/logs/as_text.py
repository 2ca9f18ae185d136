"""Lines for people: the sentence first, then its fields, then the failure if there is one.

Guaranteed: whatever a value holds, it moves no cursor and begins no line, so that nobody can write lines of their own
into a log that somebody reads in a terminal.
"""

from datetime import datetime
from typing import Any, Final

from threadly.core.observability.context import Work
from threadly.core.observability.logs.lines import ALWAYS, Told

_COLOURS: Final = {"debug": "2", "info": "32", "warning": "33", "error": "31", "critical": "1;31"}
_UNSEEN: Final = {sign: f"\\x{sign:02x}" for sign in (*range(32), *range(127, 160))} | {10: "\\n", 9: "\\t"}
_UNSEEN_IN_FIELDS: Final = _UNSEEN | {0x2028: "\\u2028", 0x2029: "\\u2029", 0x202E: "\\u202e"}


class AsText:
    """One line, and some more, indented, for a failure.

    Args:
        colours: At a terminal; the time is then that of the day here, and else full and in UTC.
    """

    def __init__(self, *, colours: bool) -> None:
        self._colours = colours

    def __call__(self, told: Told, work: Work | None) -> bytes:
        level = str(told["level"])
        fields = {name: value for name, value in told.items() if name not in ALWAYS}
        if work is not None:
            fields |= {name: value for name in work.__struct_fields__ if (value := getattr(work, name)) is not None}
        head = f"{self._dim(self._time(told['timestamp']))} {self._in(_COLOURS[level], f'{level:<8}')}"
        parts = [f"{head}{_seen(told['event'])}"]
        parts += [f"{self._dim(f'{name}=')}{_seen(value)}" for name, value in fields.items()]
        if told.get("logger"):
            parts.append(self._dim(f"({told['logger']})"))
        lines = [" ".join(parts), *self._failure(told.get("exception"), "  ")]
        return ("\n".join(lines) + "\n").encode(errors="backslashreplace")

    def _failure(self, failure: Any, indent: str) -> list[str]:  # noqa: ANN401 - plain data
        if not isinstance(failure, dict):
            return []
        lines = [f"{indent}{self._in('31', _seen(failure['type']))}: {_seen(failure['message'])}"]
        lines += [f"{indent}  {self._dim(_seen(frame))}" for frame in reversed(failure.get("frames", []))]
        for member in failure.get("members", []):
            lines += self._failure(member, f"{indent}  | ")
        if cause := failure.get("cause"):
            lines += [f"{indent}because of", *self._failure(cause, indent)]
        return lines

    def _time(self, at: datetime) -> str:
        if self._colours:
            return at.astimezone().strftime("%H:%M:%S")
        return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def _dim(self, text: str) -> str:
        return self._in("2", text)

    def _in(self, colour: str, text: str) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self._colours else text


def _seen(value: object) -> str:
    return str(value).translate(_UNSEEN_IN_FIELDS)
