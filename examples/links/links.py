"""Short links in Valkey: bare ASGI on Threadly's configuration and observability. README.md says how to run it."""

import json
import os
import re
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Final

import uvicorn
from pydantic import Field
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from threadly.core.asgi import ASGIApp, Bounds, Living, Receive, Scope, Send, bounded_body, stopping
from threadly.core.config import ConfigurationError, Profile, Secret, Section, address_of, load
from threadly.core.errors import Invalid, MethodNotAllowed, NotFound, Problem, Unavailable
from threadly.core.lifecycle import StartOrder
from threadly.core.observability import ObservabilitySettings, Observed, current, observing
from threadly.core.observability.errors import Tracker
from threadly.core.observability.health import Check, Health

_PREFIX: Final = "LINKS_"
_LINK: Final = re.compile(rb"https?://[!-~]{1,2000}")
_KEY: Final = re.compile(r"/[A-Za-z0-9_-]{8}")


class Settings(Section):
    """What it can be told: by variables LINKS_… or by files that they name."""

    profile: Profile = Profile.PRODUCTION
    """Production logs JSON."""

    valkey_url: Annotated[Secret, address_of("redis", "rediss", "unix")] = Field(examples=["redis://127.0.0.1:6379/0"])
    """Where the links are kept: Valkey or Redis."""

    port: int = Field(default=8081, ge=1, le=65535)
    """Where it answers, on this machine."""

    observability: ObservabilitySettings = ObservabilitySettings()


@dataclass(frozen=True, slots=True)
class Parts:
    """All that answers are made with."""

    observed: Observed
    valkey: Redis
    health: Health


async def _observed(settings: Settings) -> AsyncIterator[Observed]:
    telling = observing(
        settings.observability,
        name="links",
        version="1.0",
        own=(__name__,),
        profile=settings.profile,
        variables=f"{_PREFIX}OBSERVABILITY__",
    )
    async with telling as observed:
        yield observed


async def _valkey(settings: Settings) -> AsyncIterator[Redis]:
    valkey = Redis.from_url(
        settings.valkey_url.get_secret_value(),
        socket_timeout=0.5,
        socket_connect_timeout=0.5,
        retry=Retry(NoBackoff(), retries=1),  # a connection that was closed meanwhile is worth one more
        decode_responses=True,
    )
    yield valkey
    await valkey.aclose()


async def _health(observed: Observed, valkey: Redis, server: Scope) -> AsyncIterator[Health]:
    async def look() -> None:
        await valkey.ping()

    check = Check("valkey", "responseTime", look, component_type="datastore", every_seconds=1, fails_after=2)
    async with observed.watching([check], stopping=stopping(server)) as health:
        yield health


ORDER: Final = StartOrder(Parts, _observed, _valkey, _health, given={"settings": Settings, "server": Scope})


class Links:
    """`POST /` keeps the link in the body, and answers with its short one; `GET /abcd1234` leads there."""

    def __init__(self, valkey: Redis, errors: Tracker) -> None:
        self._valkey = valkey
        self._errors = errors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            status, header, body = await self._answer(scope, receive)
        except Problem as problem:
            status, header, body = _told(problem)
        except RedisError as failure:
            self._errors.capture(failure)
            status, header, body = _told(Unavailable("The links cannot be reached now."))
        headers = [header, (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[int, tuple[bytes, bytes], bytes]:
        if scope["path"] == "/":
            _is_at("/")
            _expect(scope, "POST")
            return 201, (b"content-type", b"text/plain"), await self._keep(await bounded_body(receive, 2048))
        if _KEY.fullmatch(scope["path"]):
            _is_at("/{key}")
            _expect(scope, "GET")
            return 307, (b"location", await self._find(scope["path"])), b""
        raise NotFound

    async def _keep(self, link: bytes) -> bytes:
        if not _LINK.fullmatch(link):
            raise Invalid("The body is to be a link that begins with http:// or https://.")
        while True:
            key = f"/{secrets.token_urlsafe(6)}"
            if await self._valkey.set(key, link, nx=True):  # else it is somebody else's
                return key.encode()

    async def _find(self, key: str) -> bytes:
        link = await self._valkey.get(key)
        if link is None:
            raise NotFound
        return str(link).encode()


def _is_at(route: str) -> None:
    """What a framework's router would say: by which template this is counted and told."""
    if (work := current()) is not None:
        work.route = route


def _expect(scope: Scope, method: str) -> None:
    if scope["method"] != method:
        raise MethodNotAllowed


def _told(problem: Problem) -> tuple[int, tuple[bytes, bytes], bytes]:
    told = {"code": problem.code, "detail": str(problem) or problem.title}
    return problem.status, (b"content-type", b"application/problem+json"), json.dumps(told).encode()


def _refusing(problem: Problem) -> ASGIApp:
    async def refuse(_: Scope, __: Receive, send: Send) -> None:
        status, header, body = _told(problem)
        await send({"type": "http.response.start", "status": status, "headers": [header]})
        await send({"type": "http.response.body", "body": body})

    return refuse


@asynccontextmanager
async def started(settings: Settings, server: Scope) -> AsyncIterator[ASGIApp]:
    """The application, until the server stops."""
    async with ORDER.started(settings=settings, server=server) as parts:
        links = Links(parts.valkey, parts.observed.errors)
        bounded = Bounds(links, refuse=lambda _, problem: _refusing(problem))
        yield parts.observed.around(bounded, parts.health)


def main() -> int:
    """Serves until it is told to stop; 2 if the settings cannot be used."""
    try:
        settings = load(Settings, os.environ, prefix=_PREFIX)
    except ConfigurationError as refusal:
        print(refusal, file=sys.stderr)
        return 2
    uvicorn.run(
        Living(partial(started, settings)),
        port=settings.port,
        log_config=None,  # its lines go where ours go
        access_log=False,  # ours has the route and the id
        timeout_graceful_shutdown=5,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
