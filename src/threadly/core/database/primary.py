"""Finds, among the servers that an address names, the one that takes what is written.

All are asked at once, so one that says nothing delays a new connection by a moment only. Where several take what is
written, as after a promotion when the old primary comes back or was never gone, it is the one on the highest timeline.

Guaranteed: once this process has seen a primary on a higher timeline, it makes no connection to one on a lower, and
lends none that it has made before. Not guaranteed: that others see it at once, nor that what was under way at that
moment goes to the new one; nor anything of two that were promoted from the same timeline. Keeping an old primary from
coming back is for whoever promotes. A cluster that begins again on a lower timeline wants processes that do, too.
"""

import asyncio
from typing import Any, Final, TypeAlias, cast
from urllib.parse import parse_qsl, unquote, urlsplit
from weakref import WeakSet

import asyncpg

from threadly.core.config import Secret, places_of
from threadly.core.database.lending import Lender

_PORT: Final = "5432"
_WRITABLE: Final = {"primary", "read-write"}
_MOMENT_SECONDS: Final = 0.2
"""For the others, once one has been found."""
_TIMELINE: Final = "SELECT ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int"

_Asking: TypeAlias = asyncio.Task[int]


class PrimarySuperseded(ConnectionRefusedError):
    """The only primary that answers is an old one: another has been promoted since."""


class Primary:
    """The primary of one database.

    Args:
        dsn: As `driver_url` writes it.
    """

    def __init__(self, dsn: str) -> None:
        self.timeline = 0
        """The highest that it was seen on; 0 where that was not asked, since there is one server only."""
        self._dsn = dsn
        self.lenders: WeakSet[Lender] = WeakSet()
        """Whoever lends connections to it; once it is superseded, none of those that were made before."""
        self._suspected = 0
        asked = dict(parse_qsl(urlsplit(dsn).query))
        places = places_of(Secret(dsn), port=_PORT) if asked.get("target_session_attrs") in _WRITABLE else []
        self._places = [(unquote(host).strip("[]"), int(port)) for host, port in places]

    async def connect(self, **how: Any) -> Any:  # noqa: ANN401 - the driver's
        """A connection to it; `how` is as the driver takes it."""
        if len(self._places) < 2:
            return await asyncpg.connect(self._dsn, **how)
        made: dict[_Asking, Any] = {}
        asking = [asyncio.create_task(self._ask(host, port, how, made)) for host, port in self._places]
        chosen = None
        try:
            chosen = await self._chosen(asking)
            return made[chosen]
        finally:
            for task in asking:
                if task not in made:
                    task.cancel()
                elif task is not chosen:  # not cancelled: the driver would connect once more to have it cancelled
                    made[task].terminate()
                task.add_done_callback(_let_go)

    def suspect(self, timeline: int) -> None:
        """Somebody has seen this one, once: whoever wants a connection has the primary looked for anew."""
        if len(self._places) > 1 and timeline > max(self.timeline, self._suspected):
            self._suspected = timeline
            self._superseded()

    def _superseded(self) -> None:
        for lender in self.lenders:
            lender.note_loss()

    async def _ask(self, host: str, port: int, how: dict[str, Any], made: "dict[_Asking, Any]") -> int:
        connection = await asyncpg.connect(self._dsn, host=host, port=port, **how)
        made[cast("_Asking", asyncio.current_task())] = connection
        return cast("int", await connection.fetchval(_TIMELINE))

    async def _chosen(self, asking: "list[_Asking]") -> "_Asking":
        waiting = set(asking)
        while waiting and not _found(asking):
            _, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        if waiting:
            await asyncio.wait(waiting, timeout=_MOMENT_SECONDS)
        if not (found := _found(asking)):
            raise _refusal([failure for task in asking if (failure := task.exception()) is not None])
        best = max(found, key=asyncio.Task.result)
        if best.result() < self.timeline:
            raise PrimarySuperseded
        if best.result() > self.timeline:
            is_news, self.timeline = self.timeline > 0, best.result()
            if is_news:
                self._superseded()
        return best


def _found(asking: list[_Asking]) -> list[_Asking]:
    return [task for task in asking if task.done() and not task.cancelled() and task.exception() is None]


def _refusal(failures: list[BaseException]) -> BaseException:
    """What tells most: that a server only looks is no news where another does not answer."""
    others = (each for each in failures if not isinstance(each, asyncpg.TargetServerAttributeNotMatched))
    return next(others, failures[0])


def _let_go(task: _Asking) -> None:
    if not task.cancelled():
        task.exception()
