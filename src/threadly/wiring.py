"""Builds what everything else is given, once, in a stated order; closes it in reverse.

The only place that constructs clients. Nothing here connects before its first use, so a dependency that is
down does not keep the application from starting: `/readyz` tells.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from redis.asyncio import Redis

from threadly.core.asgi import SessionCookie
from threadly.core.auth import Passwords
from threadly.core.database import Cursors, Database
from threadly.integrations import storage
from threadly.marketplace.listings import Audience
from threadly.marketplace.media import Decoder, Pictures
from threadly.settings import Settings
from threadly.tables import metadata


@dataclass(frozen=True, slots=True)
class Services:
    """What faces, jobs and commands work with."""

    settings: Settings
    db: Database
    valkey: Redis
    cursors: Cursors
    session_cookie: SessionCookie
    pictures: Pictures
    audience: Audience
    """Who looked at which listing, until that is counted."""
    passwords: Passwords


@asynccontextmanager
async def services(
    settings: Settings, *, application_name: str = "threadly", statement_timeout: timedelta | None = None
) -> AsyncIterator[Services]:
    """Everything, ready for use, until the block ends.

    Args:
        statement_timeout: How long one statement may run; None: as long as a request's may.
    """
    async with AsyncExitStack() as closing:
        longest = statement_timeout or settings.database.statement_timeout
        db = Database(
            settings.database.model_copy(update={"statement_timeout": longest}), application_name=application_name
        )
        closing.push_async_callback(db.close)
        valkey = Redis.from_url(settings.cache.url.get_secret_value(), socket_timeout=1.0, socket_connect_timeout=1.0)
        closing.push_async_callback(valkey.aclose)
        pictures = Pictures(db, Decoder(settings.media.limits), storage.chosen(settings.media), metadata)
        closing.push_async_callback(pictures.close)
        passwords = Passwords(settings.auth)
        closing.callback(passwords.close)
        secret = settings.security.secret.get_secret_value().encode()
        yield Services(
            settings=settings,
            db=db,
            valkey=valkey,
            cursors=Cursors(secret),
            session_cookie=SessionCookie(is_secure=settings.site.url.startswith("https://")),
            pictures=pictures,
            audience=Audience(secret),
            passwords=passwords,
        )
