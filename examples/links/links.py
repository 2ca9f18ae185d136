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
from redis.exceptions import RedisError

from threadly.core.asgi import ASGIApp, Bounds, Living, Receive, Scope, Send, bounded_body
from threadly.core.config import ConfigurationError, Profile, Secret, Section, address_of, load
from threadly.core.errors import Invalid, MethodNotAllowed, NotFound, Problem, Unavailable
from threadly.core.lifecycle import StartOrder
from threadly.core.observability import ObservabilitySettings, Telemetry, current, set_up_logs
from threadly.core.observability.errors import Noise, Tracker
from threadly.core.observability.health import Check, Health, HealthRoutes
from threadly.core.observability.metrics import REQUESTS
from threadly.core.observability.private import Listener, host_and_port, of_process
from threadly.core.observability.tracing import Tracing

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

    settings: Settings
    errors: Tracker
    valkey: Redis
    health: Health


def _errors(settings: Settings) -> Tracker:
    return Tracker(settings.observability.errors, noise=Noise(()), own=("links",), release="1.0", process="links")


async def _valkey(settings: Settings) -> AsyncIterator[Redis]:
    url = settings.valkey_url.get_secret_value()
    valkey = Redis.from_url(url, socket_timeout=1.0, socket_connect_timeout=1.0, decode_responses=True)
    yield valkey
    await valkey.aclose()


async def _health(valkey: Redis) -> AsyncIterator[Health]:
    async def look() -> None:
        await valkey.ping()

    check = Check("valkey", "responseTime", look, component_type="datastore", every_seconds=1, fails_after=2)
    async with Health([check], version="1.0", service="links").watching() as health:
        yield health


ORDER: Final = StartOrder(Parts, _errors, _valkey, _health, given={"settings": Settings})


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
        work = current()
        assert work is not None  # Telemetry is around us
        if scope["path"] == "/":
            work.route = "/"
            if scope["method"] != "POST":
                raise MethodNotAllowed
            return 201, (b"content-type", b"text/plain"), await self._keep(await bounded_body(receive, 2048))
        if _KEY.fullmatch(scope["path"]):
            work.route = "/{key}"
            if scope["method"] != "GET":
                raise MethodNotAllowed
            return 307, (b"location", await self._find(scope["path"])), b""
        raise NotFound

    async def _keep(self, link: bytes) -> bytes:
        if not _LINK.fullmatch(link):
            raise Invalid("The body is to be a link that begins with http:// or https://.")
        key = f"/{secrets.token_urlsafe(6)}"
        await self._valkey.set(key, link, nx=True)
        return key.encode()

    async def _find(self, key: str) -> bytes:
        link = await self._valkey.get(key)
        if link is None:
            raise NotFound
        return str(link).encode()


def _told(problem: Problem) -> tuple[int, tuple[bytes, bytes], bytes]:
    told = {"code": problem.code, "detail": str(problem) or problem.title}
    return problem.status, (b"content-type", b"application/problem+json"), json.dumps(told).encode()


def observed(parts: Parts) -> ASGIApp:
    """The application: telemetry outermost, then bounds, then health."""
    app: ASGIApp = Links(parts.valkey, parts.errors)
    app = HealthRoutes(app, parts.health)
    app = Bounds(app, refuse=lambda _, problem: _refusing(problem))
    return Telemetry(
        app,
        tracing=Tracing(parts.settings.observability.tracing),
        requests=REQUESTS,
        trusts=lambda _: False,
        failed=parts.errors.capture,
        quiet=("/livez", "/readyz"),
    )


def _refusing(problem: Problem) -> ASGIApp:
    async def refuse(_: Scope, __: Receive, send: Send) -> None:
        status, header, body = _told(problem)
        await send({"type": "http.response.start", "status": status, "headers": [header]})
        await send({"type": "http.response.body", "body": body})

    return refuse


@asynccontextmanager
async def started(settings: Settings, _: Scope) -> AsyncIterator[ASGIApp]:
    """The application, until the server stops; and what those who run it are told, at an address of its own."""
    logs = set_up_logs(
        settings.observability.logs, always={"process": "links"}, json=settings.profile is Profile.PRODUCTION
    )
    async with ORDER.started(settings=settings) as parts:
        routes = of_process(health=lambda: parts.health, failures=parts.errors.said)
        place = host_and_port(settings.observability.ops.listen) or ("127.0.0.1", 0)
        async with Listener(place, routes, setting="LINKS_OBSERVABILITY__OPS__LISTEN").listening():
            yield observed(parts)
    logs.close()


def main() -> int:
    """Serves until it is told to stop; 2 if the settings cannot be used."""
    try:
        settings = load(Settings, os.environ, prefix="LINKS_")
    except ConfigurationError as refusal:
        print(refusal, file=sys.stderr)
        return 2
    uvicorn.run(Living(partial(started, settings)), port=settings.port, log_config=None, access_log=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
