"""Statements that took long are told in the log, with their plan: each kind once in a while, beside the work.

    {"event": "A statement was slow.", "fingerprint": "9f0c…", "seconds": 0.73, "times": 1, "route": "/listings/{id}",
     "statement": "SELECT … WHERE id = $1", "plan": "Index Scan using …"}

Guaranteed: no value is told, neither of a parameter nor one that stands in the text; the plan is asked for afterwards,
on a connection of its own that only reads, one at a time, and whoever was slow does not wait for it. It is the generic
plan, so that it needs no value either: where PostgreSQL plans for the values, what it did may have been another.
Statements that are quick cost a comparison. Not guaranteed: a plan, where the server has no time or connection left.
"""

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from hashlib import blake2b
from time import monotonic
from typing import Any, Final

import asyncpg
import structlog

from threadly.core.database.explaining import generic_plan, is_explicable, without_comments
from threadly.core.database.hazards.statements import STRING, words_of
from threadly.core.database.instruments import SLOW
from threadly.core.database.primary import Primary

AGAIN_SECONDS: Final = 300.0
"""For so long one kind of statement is only counted once it has been told."""

_log: Final = structlog.get_logger(__name__)
_MOST_KINDS: Final = 500
_MOST_UNDER_WAY: Final = 16
_PATIENCE_SECONDS: Final = 3.0
_LONGEST_STATEMENT: Final = 800
_LONGEST_PLAN: Final = 1600
_LONGEST_READ: Final = 1 << 16
_SETTINGS: Final = {
    "application_name": "threadly slow",
    "default_transaction_read_only": "on",
    "statement_timeout": "2000",
    "lock_timeout": "200",
}
_PARAMETER: Final = re.compile(r"(?:\$\d+|\?)(?:::[\w .]+?(?:\(\?\))?(?:\[\])?(?=[,)\s]|$))?")
_SEVERAL: Final = re.compile(r"\?(?:\s*,\s*\?)+")
_ROWS: Final = re.compile(r"\(\?\)(?:\s*,\s*\(\?\))+")
_COSTS: Final = re.compile(r"\(cost=[\d.]+ rows=\d+( width=\d+)?\)")


@dataclass(slots=True)
class _Kind:
    told_at: float
    times: int = 0
    slowest: float = 0.0


class SlowStatements:
    """What was slow in one database.

    Args:
        dsn: Of the database, as the driver wants it.
        after: What takes so long is slow.
        tags: Who asks: the route, the job.
        again_seconds: For so long a kind is only counted, once it has been told.
    """

    def __init__(
        self,
        dsn: str,
        *,
        after: timedelta,
        tags: Callable[[], Mapping[str, str]] | None = None,
        again_seconds: float = AGAIN_SECONDS,
    ) -> None:
        self.after_seconds = after.total_seconds()
        self._primary = Primary(dsn)
        self._tags = tags
        self._again_seconds = again_seconds
        self._kinds: dict[str, _Kind] = {}
        self._telling: dict[asyncio.Task[None], Mapping[str, Any]] = {}
        self._turn = asyncio.Lock()

    def notice(self, sql: str, seconds: float, *, sqlstate: str | None = None) -> None:
        """Counts a statement that was slow, and has it told unless one of its kind was told lately.

        Args:
            sqlstate: PostgreSQL's code, if that is how it ended.
        """
        SLOW.inc()
        plain = without_comments(sql)
        mark = fingerprint(plain)
        now = monotonic()
        kind = self._kinds.get(mark)
        if kind is None:
            if len(self._kinds) >= _MOST_KINDS:
                self._kinds.pop(next(iter(self._kinds)))
            kind = self._kinds[mark] = _Kind(told_at=now - self._again_seconds)
        kind.times += 1
        kind.slowest = max(kind.slowest, seconds)
        if now - kind.told_at < self._again_seconds:
            return
        told = {
            "fingerprint": mark,
            "seconds": round(seconds, 3),
            "times": kind.times,
            "slowest_seconds": round(kind.slowest, 3),
            **(self._tags() if self._tags is not None else {}),
            **({"sqlstate": sqlstate} if sqlstate else {}),
            "statement": _cut(redacted(plain), _LONGEST_STATEMENT),
        }
        kind.told_at, kind.times, kind.slowest = now, 0, 0.0
        if len(self._telling) >= _MOST_UNDER_WAY or not is_explicable(plain):
            _log.warning("A statement was slow.", **told)
            return
        task = asyncio.get_running_loop().create_task(self._tell(plain, told), name=f"explain {mark}")
        self._telling[task] = told
        task.add_done_callback(lambda ended: self._telling.pop(ended, None))

    async def close(self) -> None:
        """Tells what is yet to be told, without plans."""
        telling = dict(self._telling)
        for task in telling:
            task.cancel()
        await asyncio.gather(*telling, return_exceptions=True)
        for task, told in telling.items():
            if task.cancelled():
                _log.warning("A statement was slow.", **told, no_plan="closed")

    async def _tell(self, sql: str, told: Mapping[str, Any]) -> None:
        try:
            async with self._turn, asyncio.timeout(_PATIENCE_SECONDS):
                found = {"plan": _cut("".join(_without_values(await self._plan(sql))), _LONGEST_PLAN)}
        except (OSError, TimeoutError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as refusal:
            found = {"no_plan": getattr(refusal, "sqlstate", None) or type(refusal).__name__}
        _log.warning("A statement was slow.", **told, **found)

    async def _plan(self, sql: str) -> str:
        connection = await self._primary.connect(timeout=_PATIENCE_SECONDS, server_settings=_SETTINGS)
        try:
            return "\n".join(await generic_plan(connection, sql))
        finally:
            connection.terminate()  # never in good order: it may hang


@lru_cache(maxsize=1024)
def fingerprint(sql: str) -> str:
    """The same, in every process, for statements that differ only in values, in how many they list, or in spaces.

    Of those that are longer than 64 KiB, only so much counts.
    """
    normal = _PARAMETER.sub("?", redacted(sql))
    normal = _ROWS.sub("(?)", _SEVERAL.sub("?", normal))
    return blake2b(normal.encode(), digest_size=8).hexdigest()


def redacted(sql: str) -> str:
    """The statement in one line, without the values that stand in it, nor remarks; of a very long one, its beginning.

    What was cut off within a string is hidden to its end. Strings are read as by `standard_conforming_strings`.
    """
    return " ".join("".join(_without_values(sql[:_LONGEST_READ])).split())


def _without_values(text: str) -> Iterator[str]:
    """A statement, or a plan, piece by piece, with its spaces; in PostgreSQL's own figures there are no values."""
    at, before = 0, ""
    for word, begins, ends in words_of(text):
        if begins < at:
            continue  # one of those figures
        if between := text[at:begins]:
            yield between if between.isspace() else " "
        if costs := _COSTS.match(text, begins):
            yield costs[0].replace(costs[1] or "", "")
        elif word[0].isdigit():
            yield word if before == "$" and begins == at else "?"
        elif word == STRING or word.count('"') % 2:  # the latter is a name that was cut off, if it is one
            yield "?"
        else:
            yield text[begins:ends]
        at, before = costs.end() if costs else ends, word


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
