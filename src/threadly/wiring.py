"""Builds what everything else is given, once, in the order that `ORDER` declares; closes it in reverse.

The only place that constructs clients. Nothing here connects before its first use, so a dependency that is
down does not keep the application from starting: `/readyz` tells.
"""

import asyncio
import importlib
import os
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from typing import Final, TypeAlias

from redis.asyncio import Redis

from threadly.context import member_at_work
from threadly.core.asgi import SessionCookie
from threadly.core.audit.events import EventStore
from threadly.core.auth import Passwords
from threadly.core.config import Profile
from threadly.core.database import Cursors, Database
from threadly.core.database.migrating.releases import session_name
from threadly.core.errors import Problem
from threadly.core.keys import KeyRing
from threadly.core.lifecycle import StartOrder
from threadly.core.observability import Logs, Reporter, current, set_up_logs
from threadly.core.observability.errors import TOPIC as ERRORS
from threadly.core.observability.errors import Noise, Tracker
from threadly.core.observability.metrics import TOPIC as METRICS
from threadly.core.observability.metrics import snapshot, watch
from threadly.core.observability.tracing import Receiver as SpanReceiver
from threadly.core.observability.tracing import Tracing, TracingSettings, headers_of, traced
from threadly.core.security import CsrfTokens, Slots
from threadly.core.security.events import (
    IN_CORE,
    Maker,
    Noticing,
    SecurityEvents,
    SignInFailed,
    SuspiciousUpload,
)
from threadly.core.security.limits import Accounts, Limit, Limiter, ValkeyStore
from threadly.integrations import storage
from threadly.marketplace.listings import Audience
from threadly.marketplace.media import Decoder, PictureRefused, Pictures
from threadly.marketplace.members import SignInRefused
from threadly.noise import RULES, SERIOUS
from threadly.settings import LimitsSettings, Settings, workers_of
from threadly.tables import metadata
from threadly.tiers import ACCOUNT, WIDE, Tier, limit

_SENTRY: Final = "threadly.integrations.sentry"
_OTLP: Final = "threadly.integrations.otlp"  # both by name: they bring SDKs along


Limits: TypeAlias = Mapping[str, Limit]

_OURS: Final[dict[type[Problem], Maker]] = {
    PictureRefused: lambda it, net, who: SuspiciousUpload(reason=it.code, network=net, actor_id=who),
    SignInRefused: lambda it, net, who: SignInFailed(account=it.account, network=net, actor_id=who),
}
"""Which of the marketplace's refusals are events, beside those of core."""


@dataclass(frozen=True, slots=True)
class Services:
    """What faces, jobs and commands work with."""

    settings: Settings
    tracing: Tracing
    db: Database
    valkey: Redis
    limiter: Limiter
    limits: Limits
    """How wide each tier is, by its name, `WIDE` and `ACCOUNT`."""
    keys: KeyRing
    """What signs whatever travels through other hands."""
    accounts: Accounts
    """By which names somebody signs in, and from where."""
    members_at_once: Slots
    cursors: Cursors
    session_cookie: SessionCookie
    csrf_tokens: CsrfTokens
    pictures: Pictures
    audience: Audience
    """Who looked at which listing, until that is counted."""
    passwords: Passwords
    events: SecurityEvents
    """Takes what protections have seen."""
    notice: Noticing
    """Takes what requests are refused for, of which some is."""
    errors: Tracker
    """Who is told of what nobody foresaw."""
    reporter: Reporter
    """Tells whoever keeps this process what happens in it; nobody, where nobody does."""

    @property
    def media_at(self) -> str:
        """The origin of pictures, before whose paths it stands; empty where that is the shop's own."""
        return self.settings.media.origin or ""


@dataclass(frozen=True, slots=True)
class Purpose:
    """What this process is there for."""

    process: str
    """Its name, wherever it is told of: `web 1`, `work`."""
    statement_timeout: timedelta | None = None
    """How long one statement may run; None: as long as a request's may."""


async def _reporter(settings: Settings, purpose: Purpose) -> AsyncIterator[Reporter]:
    """First, so that it closes last, and its last report has everything."""
    ops = settings.observability.ops
    reporter = Reporter(ops.socket)
    if ops.socket is None:
        yield reporter
        return
    reporter.offer(METRICS, snapshot)
    async with watch(purpose.process), reporter.reporting():
        yield reporter


async def _errors(settings: Settings, purpose: Purpose, reporter: Reporter) -> AsyncIterator[Tracker]:
    observability = settings.observability
    told = observability.errors
    sentry = None
    if told.sentry_dsn is not None:
        sentry = importlib.import_module(_SENTRY).Sentry(
            told.sentry_dsn.get_secret_value(),
            release=version("threadly"),
            environment=settings.profile,
            share=told.sentry_share,
        )
    tracker = Tracker(
        told,
        noise=Noise(RULES, serious=SERIOUS),
        own=("threadly",),
        release=version("threadly"),
        process=purpose.process,
        environment=settings.profile,
        receivers=[] if sentry is None else [sentry],
    )
    reporter.offer(ERRORS, tracker.told)
    yield tracker
    if sentry is not None:
        await asyncio.to_thread(sentry.close, told.sentry_timeout)


async def _tracing(settings: Settings, purpose: Purpose) -> AsyncIterator[Tracing]:
    told = settings.observability.tracing
    async with traced(told, _receiver(told, purpose)) as tracing:
        yield tracing


def _receiver(settings: TracingSettings, purpose: Purpose) -> SpanReceiver | None:
    """Tells the endpoint that the settings name; None where they name none."""
    if settings.endpoint is None:
        return None
    otlp: SpanReceiver = importlib.import_module(_OTLP).Otlp(
        settings.endpoint.get_secret_value(),
        headers=headers_of(settings),
        timeout=settings.timeout,
        described={
            "service.name": settings.service,
            "service.version": version("threadly"),
            "service.instance.id": f"{socket.gethostname()}:{os.getpid()}",
            "threadly.process": purpose.process,
        },
    )
    return otlp


async def _db(settings: Settings, purpose: Purpose) -> AsyncIterator[Database]:
    longest = purpose.statement_timeout or settings.database.statement_timeout
    own = settings.database.model_copy(update={"statement_timeout": longest})
    db = Database(own, application_name=session_name("threadly", version("threadly"), purpose.process), tags=_tags)
    yield db
    await db.close()


def _tags() -> Mapping[str, str]:
    """What a statement of a sampled trace says of who asks."""
    work = current()
    told = {"route": work.route, "job": work.job} if work is not None else {}
    return {name: value for name, value in told.items() if value is not None}


async def _valkey(settings: Settings) -> AsyncIterator[Redis]:
    valkey = Redis.from_url(settings.cache.url.get_secret_value(), socket_timeout=1.0, socket_connect_timeout=1.0)
    yield valkey
    await valkey.aclose()


async def _limiter(settings: Settings, valkey: Redis) -> AsyncIterator[Limiter]:
    limiter = Limiter(ValkeyStore(valkey), workers=settings.server.machines * workers_of(settings))
    async with limiter.running():
        yield limiter


def _limits(settings: Settings) -> Limits:
    told = settings.limits
    named = [name for name in (*Tier, WIDE, ACCOUNT) if name in LimitsSettings.model_fields]
    return {name: limit(name, getattr(told, name) * told.widened) for name in named}


def _accounts(keys: KeyRing, valkey: Redis) -> Accounts:
    return Accounts(valkey, keys)


def _members_at_once(settings: Settings) -> Slots:
    return Slots("member", settings.limits.member_at_once * settings.limits.widened)


async def _events(settings: Settings, db: Database, keys: KeyRing) -> AsyncIterator[SecurityEvents]:
    events = SecurityEvents(EventStore(db), settings.security.events, keys=keys)
    async with events.running():
        yield events


def _notice(events: SecurityEvents) -> Noticing:
    return Noticing(events, {**IN_CORE, **_OURS}, member=member_at_work)


async def _pictures(settings: Settings, db: Database) -> AsyncIterator[Pictures]:
    told = settings.media
    pictures = Pictures(db, Decoder(told.limits), storage.chosen(told), metadata, told.quotas)
    yield pictures
    await pictures.close()


async def _passwords(settings: Settings) -> AsyncIterator[Passwords]:
    passwords = Passwords(settings.auth)
    yield passwords
    await asyncio.to_thread(passwords.close)  # it waits for those under way


def _keys(settings: Settings) -> KeyRing:
    return settings.security.ring


def _cursors(keys: KeyRing) -> Cursors:
    return Cursors(keys)


def _session_cookie(settings: Settings) -> SessionCookie:
    return SessionCookie(is_secure=settings.site.url.startswith("https://"))


def _csrf_tokens(keys: KeyRing) -> CsrfTokens:
    return CsrfTokens(keys)


def _audience(keys: KeyRing) -> Audience:
    return Audience(keys)


ORDER: Final = StartOrder(
    Services,
    _reporter,
    _errors,
    _tracing,
    _db,
    _valkey,
    _limiter,
    _limits,
    _members_at_once,
    _keys,
    _accounts,
    _events,
    _notice,
    _pictures,
    _passwords,
    _cursors,
    _session_cookie,
    _csrf_tokens,
    _audience,
    given={"settings": Settings, "purpose": Purpose},
)
"""Every part and what it needs: docs/reference/start-order.md."""


def begin_logging(settings: Settings, *, process: str) -> Logs:
    """What this process logs goes where the settings say, from now on."""
    return set_up_logs(
        settings.observability.logs,
        always={"process": process, "version": version("threadly")},
        json=settings.profile is Profile.PRODUCTION,
    )


@asynccontextmanager
async def services(
    settings: Settings, *, process: str | None = None, statement_timeout: timedelta | None = None
) -> AsyncIterator[Services]:
    """Everything, ready for use, until the block ends.

    Args:
        process: What this process is called; as one that answers is by the settings, if not said.
        statement_timeout: How long one statement may run; None: as long as a request's may.
    """
    purpose = Purpose(process or settings.observability.ops.process, statement_timeout)
    async with ORDER.started(settings=settings, purpose=purpose) as built:
        yield built
