"""Is this process alive, and can it serve? For those who restart it, and for those who send it requests.

`/livez` knows nothing of what we depend on: restarting us would not mend a database. `/readyz` asks PostgreSQL, which
must be at the revision that this release ships, and Valkey; each answer is believed for a second, however many ask.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

import msgspec
from litestar import HttpMethod, Response, route
from litestar.handlers import HTTPRouteHandler
from sqlalchemy import Select, Text, column, select, table

from threadly.core.database import Database
from threadly.ops.revisions import newest
from threadly.wiring import Services

MEDIA_TYPE: Final = "application/health+json"
LONGEST_SECONDS: Final = 0.2
BELIEVED_FOR_SECONDS: Final = 1.0
PROBES: Final = ("/livez", "/readyz")
"""Asked again and again, by programs."""

_METHODS: Final = [HttpMethod.GET, HttpMethod.HEAD]
_NOT_KEPT: Final = {"cache-control": "no-store"}
_REVISION: Final[Select[str]] = select(column("version_num", Text)).select_from(table("alembic_version"))


class Check(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """How one dependency does."""

    status: str
    observed_value: float
    observed_unit: str = "ms"
    output: str | None = None
    """What is wrong, in words for an operator; never an address or a secret."""


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """How we do: `pass` when every check passes, else `fail`."""

    status: str
    checks: dict[str, Check]


class NotReady(Exception):
    """A dependency answers, and not as it must; the message says how."""


class Readiness:
    """Asks what we depend on, all at once, in at most `LONGEST_SECONDS`."""

    def __init__(self, services: Services) -> None:
        self._head = newest()
        self._checks: dict[str, Callable[[], Awaitable[object]]] = {
            "database": lambda: self._migrated(services.db),
            "valkey": lambda: _ping(services.valkey),
        }
        self._asking = asyncio.Lock()
        self._known: Health | None = None
        self._until = 0.0

    async def health(self) -> Health:
        """How we do, at most a second ago."""
        async with self._asking:
            if self._known is None or time.monotonic() >= self._until:
                results = await asyncio.gather(*(_timed(check) for check in self._checks.values()))
                passed = all(result.status == "pass" for result in results)
                checks = dict(zip(self._checks, results, strict=True))
                self._known = Health(status="pass" if passed else "fail", checks=checks)
                self._until = time.monotonic() + BELIEVED_FOR_SECONDS
            return self._known

    async def _migrated(self, db: Database) -> None:
        async with db.read() as read:
            revision = await read.scalar(_REVISION)
        if revision != self._head:
            raise NotReady(
                f"The schema is at {revision or 'nothing'}, and must be at {self._head}: threadly db upgrade."
            )


def routes(services: Services) -> list[HTTPRouteHandler]:
    """`/livez` and `/readyz`."""
    readiness = Readiness(services)

    @route("/livez", http_method=_METHODS, include_in_schema=False)
    async def livez() -> Response[bytes]:
        return _answer(Health(status="pass", checks={}))

    @route("/readyz", http_method=_METHODS, include_in_schema=False)
    async def readyz() -> Response[bytes]:
        return _answer(await readiness.health())

    return [livez, readyz]


def _answer(health: Health) -> Response[bytes]:
    status = 200 if health.status == "pass" else 503
    return Response(msgspec.json.encode(health), status_code=status, media_type=MEDIA_TYPE, headers=_NOT_KEPT)


async def _ping(valkey: Any) -> None:  # noqa: ANN401 - redis-py types a ping as maybe synchronous
    await valkey.ping()


async def _timed(check: Callable[[], Awaitable[object]]) -> Check:
    began = time.perf_counter()
    output = None
    asked = asyncio.ensure_future(check())
    try:
        # Not `asyncio.timeout`: that waits until the driver has closed its connection in good order, for seconds.
        await asyncio.wait({asked}, timeout=LONGEST_SECONDS)
        if asked.done():
            asked.result()
        else:
            asked.cancel()
            asked.add_done_callback(_let_go)
            output = f"No answer in {LONGEST_SECONDS * 1000:.0f} ms."
    except NotReady as reason:
        output = str(reason)
    except Exception as failure:  # noqa: BLE001 - whatever a driver raises, the dependency is not usable
        output = f"It cannot be used: {type(failure).__name__}."
    taken = round((time.perf_counter() - began) * 1000, 1)
    return Check(status="fail" if output else "pass", observed_value=taken, output=output)


def _let_go(asked: asyncio.Future[object]) -> None:
    """What became of a check that nobody waits for any more is of no interest, and must not be logged as forgotten."""
    if not asked.cancelled():
        asked.exception()
