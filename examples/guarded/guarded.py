"""Wishes: a FastAPI application behind Threadly's protections, its limits in Valkey. README.md says how to run it."""

import hmac
import json
import os
import secrets
import sys
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import Annotated, Any, Final

import uvicorn
from fastapi import FastAPI, Form, HTTPException, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, BeforeValidator, Field
from redis.asyncio import Redis

from threadly.core.asgi import (
    ASGIApp,
    BodyLimit,
    Bounds,
    ClientAddress,
    Living,
    Network,
    Proxies,
    Receive,
    Scope,
    Send,
    SessionCookie,
)
from threadly.core.config import ConfigurationError, Profile, Secret, Section, address_of, listed, load
from threadly.core.errors import Problem
from threadly.core.keys import KeyRing
from threadly.core.lifecycle import StartOrder
from threadly.core.security import Bodies, CsrfTokens, Hosts, HttpsOnly, SameOrigin, SecurityHeaders
from threadly.core.security.limits import Asked, Limit, Limited, Limiter, ValkeyStore, network_of

_PREFIX: Final = "GUARDED_"
_LOOKS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_PICTURES: Final = "/pictures"
_SMALL: Final = BodyLimit(16 * 1024)
_A_PICTURE: Final = BodyLimit(256 * 1024)
_ALL: Final = Limit("all", 600)
_CHANGES: Final = Limit("changes", 10)
"""Each minute, by network address, over all workers."""
_PAGE: Final = """<!doctype html><html lang="en"><title>Wishes</title>
<form method="post" action="/wishes"><input type="hidden" name="csrf_token" value="{token}">
<label>A wish <input name="text" maxlength="100" required></label><button>Wish</button></form>
<form method="post" action="/pictures" enctype="multipart/form-data">
<input type="hidden" name="csrf_token" value="{token}">
<label>A picture <input type="file" name="picture" required></label><button>Send</button></form>
<ul>{wishes}</ul></html>"""


class Settings(Section):
    """What it can be told: by variables GUARDED_… or by files that they name."""

    profile: Profile = Profile.PRODUCTION
    """Development or production; here it changes nothing."""

    site: str = Field(default="http://127.0.0.1:8084", pattern=r"^https?://[^/]+$")
    """Its address, as browsers write it. With https, browsers are told never to come by http again."""

    port: int = Field(default=8084, ge=1, le=65535)
    """Where it answers, on this machine."""

    proxies: Annotated[tuple[Network, ...], BeforeValidator(listed)] = Field(
        default=(), examples=["127.0.0.1,10.0.0.0/8"]
    )
    """The networks of proxies that are believed when they say who asks, separated by commas."""

    valkey_url: Annotated[Secret, address_of("redis", "rediss", "unix")] = Field(examples=["redis://127.0.0.1:6379/0"])
    """Where the workers count together: Valkey or Redis."""

    secret: Secret = Field(min_length=32, examples=["the output of: openssl rand -base64 32"])
    """Signs the tokens of forms; the same for all workers."""

    token: Secret = Field(min_length=32, examples=["the output of: openssl rand -base64 32"])
    """What programs show: `Authorization: Bearer …`."""


@dataclass(frozen=True, slots=True)
class Parts:
    """All that it is made of."""

    limiter: Limiter
    tokens: CsrfTokens
    session: SessionCookie


async def _valkey(settings: Settings) -> AsyncIterator[Redis]:
    valkey = Redis.from_url(settings.valkey_url.get_secret_value(), socket_timeout=1, socket_connect_timeout=1)
    yield valkey
    await valkey.aclose()


async def _limiter(valkey: Redis) -> AsyncIterator[Limiter]:
    async with Limiter(ValkeyStore(valkey, prefix="guarded"), workers=1).running() as limiter:
        yield limiter


def _tokens(settings: Settings) -> CsrfTokens:
    return CsrfTokens(KeyRing.of(settings.secret.get_secret_value().encode()))


def _session(settings: Settings) -> SessionCookie:
    names = ("guarded_session", "__Host-guarded_session")
    return SessionCookie(is_secure=settings.site.startswith("https://"), names=names)


ORDER: Final = StartOrder(Parts, _valkey, _limiter, _tokens, _session, given={"settings": Settings})


class Wish(BaseModel):
    """What programs send."""

    text: str = Field(min_length=1, max_length=100)


def api(parts: Parts, token: Secret) -> FastAPI:
    """The application: it knows nothing of what stands around it, but for the token in its forms."""
    app = FastAPI(title="Wishes")
    wishes: deque[str] = deque(maxlen=100)  # for as long as it runs; yours has a database

    @app.get("/")
    async def page(request: Request) -> HTMLResponse:
        known = parts.session.read(request.scope)
        session = known or secrets.token_urlsafe(32)
        listed = "".join(f"<li>{escape(wish)}</li>" for wish in wishes)
        answer = HTMLResponse(_PAGE.format(token=parts.tokens.issue(session), wishes=listed))
        if known is None:
            answer.headers["set-cookie"] = parts.session.setting(session, max_age_seconds=3600)
        return answer

    @app.post("/wishes")
    async def wish(text: Annotated[str, Form(min_length=1, max_length=100)]) -> RedirectResponse:
        wishes.append(text)
        return RedirectResponse("/", 303)

    @app.post(_PICTURES, status_code=201)
    async def picture(picture: UploadFile) -> dict[str, Any]:
        return {"bytes": len(await picture.read())}  # decode it in a process apart before you show it to anybody

    @app.get("/api/wishes")
    async def every() -> dict[str, Any]:
        return {"wishes": [*wishes]}

    @app.post("/api/wishes", status_code=201)
    async def add(wish: Wish, request: Request) -> dict[str, Any]:
        shown = request.headers.get("authorization", "").removeprefix("Bearer ").encode()
        if not hmac.compare_digest(shown, token.get_secret_value().encode()):
            raise HTTPException(401, "Show the token.", {"WWW-Authenticate": "Bearer"})
        wishes.append(wish.text)
        return {"text": wish.text}

    @app.get("/healthz")
    async def health() -> dict[str, Any]:
        """Whether the limits are kept with all other workers, or by this one alone."""
        trouble = parts.limiter.trouble
        return {"status": "pass" if trouble is None else "warn", "limits": trouble or "shared"}

    return app


async def _under(scope: Scope) -> Sequence[Asked]:
    """Which limits a request is under; all of them, or none, are spent in one round trip."""
    client = network_of(scope["client"][0] if scope.get("client") else "")
    asked = (Asked(_ALL, client),)
    return asked if scope["method"] in _LOOKS else (*asked, Asked(_CHANGES, client))


def _body_limit(scope: Scope) -> BodyLimit:
    """How much is read of what is sent there, before the application does anything by it."""
    return _A_PICTURE if scope["path"] == _PICTURES else _SMALL


def guarded(app: ASGIApp, parts: Parts, settings: Settings) -> ASGIApp:
    """What stands around it, innermost first."""
    app = Bodies(app, limit=_body_limit, refuse=refused)
    app = Limited(app, limiter=parts.limiter, under=_under, refuse=refused)
    app = SameOrigin(app, origin=settings.site, refuse=refused, tokens=parts.tokens, session=parts.session)
    app = HttpsOnly(app, site=settings.site, refuse=refused)
    app = Hosts(app, site=settings.site, refuse=refused)
    app = Bounds(app, refuse=refused)
    app = ClientAddress(app, trusted=Proxies(settings.proxies))
    return SecurityHeaders(app, is_secure=settings.site.startswith("https://"))


def refused(_: Scope, problem: Problem) -> ASGIApp:
    """The answer to what is kept out (RFC 9457)."""
    told = {"status": problem.status, "code": problem.code, "title": str(problem.title), "detail": str(problem)}
    body = json.dumps(told).encode()
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", b"%d" % len(body))]
    if (seconds := getattr(problem, "retry_after_seconds", None)) is not None:
        headers.append((b"retry-after", b"%d" % seconds))

    async def answer(_: Scope, __: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": problem.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return answer


@asynccontextmanager
async def started(settings: Settings, _: Scope) -> AsyncIterator[ASGIApp]:
    """The application, until the server stops."""
    async with ORDER.started(settings=settings) as parts:
        yield guarded(api(parts, settings.token), parts, settings)


def main() -> int:
    """Serves until it is told to stop; 2 if the settings cannot be used."""
    try:
        settings = load(Settings, os.environ, prefix=_PREFIX)
    except ConfigurationError as refusal:
        print(refusal, file=sys.stderr)
        return 2
    app = Living(partial(started, settings))
    # The server's own belief in X-Forwarded-For is off: else it takes whoever is on this machine for a proxy.
    uvicorn.run(app, port=settings.port, proxy_headers=False, timeout_graceful_shutdown=5)
    return 0


if __name__ == "__main__":
    sys.exit(main())
