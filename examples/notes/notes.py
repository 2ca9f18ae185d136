"""Notes, kept in PostgreSQL: FastAPI on Threadly's configuration and observability. README.md says how to run it."""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Final

import asyncpg
import uvicorn
from fastapi import Depends, FastAPI, HTTPException, Path, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from threadly.core.asgi import ASGIApp, Living, Scope, stopping
from threadly.core.config import (
    ConfigurationError,
    Profile,
    Rule,
    Secret,
    Section,
    Weight,
    address_of,
    bits,
    gather,
    password_of,
    validate,
)
from threadly.core.lifecycle import StartOrder
from threadly.core.observability import ObservabilitySettings, Observed, current, observing
from threadly.core.observability.health import Check, Health

PREFIX: Final = "NOTES_"

# What it can be told


class Settings(Section):
    """By variables NOTES_… or by files that they name."""

    profile: Profile = Profile.PRODUCTION
    """Production logs JSON, and refuses to start where a protection is missing."""

    database_url: Annotated[Secret, address_of("postgresql")] = Field(
        examples=["postgresql://notes:password@127.0.0.1:5432/notes"]
    )
    """Where the notes are kept: PostgreSQL, as libpq writes it."""

    port: int = Field(default=8080, ge=1, le=65535)
    """Where it answers, on this machine."""

    observability: ObservabilitySettings = ObservabilitySettings()


def _has_a_strong_password(settings: Settings) -> str | None:
    password = password_of(settings.database_url)
    return None if not password or bits(password) >= 60 else "has a password that can be guessed"


RULES: Final = (
    Rule(
        "database-password-strong",
        Weight.UNSAFE,
        reads=("NOTES_DATABASE_URL",),
        says="A database whose password can be guessed is everybody's.",
        check=_has_a_strong_password,
    ),
)


# What it consists of, in the order of needs


@dataclass(frozen=True, slots=True)
class Parts:
    """All that answers are made with."""

    observed: Observed
    pool: asyncpg.Pool
    health: Health


async def _observed(settings: Settings) -> AsyncIterator[Observed]:
    telling = observing(
        settings.observability,
        name="notes",
        version="1.0",
        own=(__name__,),
        profile=settings.profile,
        variables=f"{PREFIX}OBSERVABILITY__",
    )
    async with telling as observed:
        yield observed


async def _pool(settings: Settings) -> AsyncIterator[asyncpg.Pool]:
    # It connects at the first use: without a database it starts all the same, and /readyz says what is missing.
    url = settings.database_url.get_secret_value()
    async with asyncpg.create_pool(url, min_size=0, max_size=8, timeout=1, command_timeout=1, init=_table) as pool:
        yield pool
        pool.terminate()  # whoever was asked has been answered; a database that hangs shall not keep us


async def _table(connection: asyncpg.Connection) -> None:
    """What stands in the place of migrations, in an application of one table."""
    await connection.execute("CREATE TABLE IF NOT EXISTS note (id bigserial PRIMARY KEY, text text NOT NULL)")


async def _health(observed: Observed, pool: asyncpg.Pool, server: Scope) -> AsyncIterator[Health]:
    async def look() -> None:
        await pool.execute("SELECT 1", timeout=1)

    check = Check("database", "responseTime", look, component_type="datastore", every_seconds=1, fails_after=2)
    async with observed.watching([check], stopping=stopping(server)) as health:
        yield health


ORDER: Final = StartOrder(Parts, _observed, _pool, _health, given={"settings": Settings, "server": Scope})


# What it answers

UNREACHABLE: Final = (
    OSError,  # asyncio's TimeoutError is one
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InterfaceError,
)
"""The database is not there, or not for us; all else is a fault of ours, and 500."""


class Draft(BaseModel):
    """A note that is to be kept."""

    text: str = Field(min_length=1, max_length=10_000, pattern=r"^[^\x00]+$")  # PostgreSQL keeps no NUL


def api(parts: Parts) -> FastAPI:
    """The routes."""
    app = FastAPI(title="Notes", dependencies=[Depends(note_route)])

    @app.post("/notes", status_code=201)
    async def add(draft: Draft) -> dict[str, Any]:
        return {"id": await parts.pool.fetchval("INSERT INTO note (text) VALUES ($1) RETURNING id", draft.text)}

    @app.get("/notes/{id}")
    async def get(id: Annotated[int, Path(ge=1, lt=2**63)]) -> dict[str, Any]:
        text = await parts.pool.fetchval("SELECT text FROM note WHERE id = $1", id)
        if text is None:
            raise HTTPException(404, "There is no such note.")
        return {"id": id, "text": text}

    async def unavailable(_: Request, failure: Exception) -> JSONResponse:
        parts.observed.errors.capture(failure)
        return JSONResponse({"detail": "The notes cannot be reached now."}, 503, headers={"Retry-After": "2"})

    for kind in UNREACHABLE:
        app.add_exception_handler(kind, unavailable)
    return app


def template(scope: Scope) -> str | None:
    """Which route has answered, as Starlette notes it: `/notes/{id}`; None for what no route answers."""
    return getattr(scope.get("route"), "path_format", None)


async def note_route(request: Request) -> None:
    """Has each line of the request, and each failure, name the route; without, the last line alone would."""
    if (work := current()) is not None:
        work.route = template(request.scope)


# How it runs


@asynccontextmanager
async def started(settings: Settings, server: Scope) -> AsyncIterator[ASGIApp]:
    """The application, until the server stops."""
    async with ORDER.started(settings=settings, server=server) as parts:
        yield parts.observed.around(api(parts), parts.health, route_of=template)


def main() -> int:
    """Serves until it is told to stop; 2 if the settings cannot be used."""
    reading = validate(Settings, gather(Settings, os.environ, prefix=PREFIX), rules=RULES)
    for warning in reading.warnings:
        print(f"Warning: {warning}", file=sys.stderr)
    try:
        settings = reading.usable()
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
