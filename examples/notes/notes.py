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
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from threadly.core.asgi import ASGIApp, Living, Scope
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
from threadly.core.observability import ObservabilitySettings, Telemetry, set_up_logs
from threadly.core.observability.errors import Noise, Tracker
from threadly.core.observability.health import Check, Health, HealthRoutes
from threadly.core.observability.metrics import REQUESTS
from threadly.core.observability.private import Listener, host_and_port, of_process
from threadly.core.observability.tracing import Tracing, install

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

    settings: Settings
    tracing: Tracing
    errors: Tracker
    pool: asyncpg.Pool
    health: Health


def _errors(settings: Settings) -> Tracker:
    return Tracker(settings.observability.errors, noise=Noise(()), own=("notes",), release="1.0", process="notes")


async def _tracing(settings: Settings) -> AsyncIterator[Tracing]:
    tracing = Tracing(settings.observability.tracing)
    install(tracing)
    yield tracing
    install(None)


async def _pool(settings: Settings) -> AsyncIterator[asyncpg.Pool]:
    # It connects at the first use: without a database it starts all the same, and /readyz says what is missing.
    url = settings.database_url.get_secret_value()
    async with asyncpg.create_pool(url, min_size=0, max_size=8, timeout=1, command_timeout=2) as pool:
        yield pool
        pool.terminate()  # whoever was asked has been answered; a database that hangs shall not keep us


async def _health(pool: asyncpg.Pool) -> AsyncIterator[Health]:
    async def look() -> None:
        await pool.execute("CREATE TABLE IF NOT EXISTS note (id bigserial PRIMARY KEY, text text NOT NULL)", timeout=1)

    check = Check("database", "responseTime", look, component_type="datastore", every_seconds=1, fails_after=2)
    async with Health([check], version="1.0", service="notes").watching() as health:
        yield health


ORDER: Final = StartOrder(Parts, _errors, _tracing, _pool, _health, given={"settings": Settings})


# What it answers


class Draft(BaseModel):
    """A note that is to be kept."""

    text: str = Field(min_length=1, max_length=10_000)


def api(parts: Parts) -> FastAPI:
    """The routes."""
    app = FastAPI(title="Notes")

    @app.post("/notes", status_code=201)
    async def add(draft: Draft) -> dict[str, Any]:
        return {"id": await parts.pool.fetchval("INSERT INTO note (text) VALUES ($1) RETURNING id", draft.text)}

    @app.get("/notes/{id}")
    async def get(id: int) -> dict[str, Any]:
        text = await parts.pool.fetchval("SELECT text FROM note WHERE id = $1", id)
        if text is None:
            raise HTTPException(404, "There is no such note.")
        return {"id": id, "text": text}

    async def unavailable(_: Request, failure: Exception) -> JSONResponse:
        parts.errors.capture(failure)
        return JSONResponse({"detail": "The notes cannot be reached now."}, 503, headers={"Retry-After": "2"})

    for kind in (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):  # asyncio's TimeoutError is an OSError
        app.add_exception_handler(kind, unavailable)
    return app


def observed(parts: Parts) -> ASGIApp:
    """The routes, with health in front of them and telemetry around both."""
    return Telemetry(
        HealthRoutes(api(parts), parts.health),
        tracing=parts.tracing,
        requests=REQUESTS,
        trusts=lambda _: False,
        route_of=lambda scope: getattr(scope.get("route"), "path_format", None),
        failed=parts.errors.capture,
        quiet=("/livez", "/readyz"),
    )


# How it runs


@asynccontextmanager
async def started(settings: Settings, _: Scope) -> AsyncIterator[ASGIApp]:
    """The application, until the server stops; and what those who run it are told, at an address of its own."""
    logs = set_up_logs(
        settings.observability.logs, always={"process": "notes"}, json=settings.profile is Profile.PRODUCTION
    )
    async with ORDER.started(settings=settings) as parts:
        routes = of_process(health=lambda: parts.health, failures=parts.errors.said)
        place = host_and_port(settings.observability.ops.listen) or ("127.0.0.1", 0)
        async with Listener(place, routes, setting="NOTES_OBSERVABILITY__OPS__LISTEN").listening():
            yield observed(parts)
    logs.close()


def main() -> int:
    """Serves until it is told to stop; 2 if the settings cannot be used."""
    reading = validate(Settings, gather(Settings, os.environ, prefix="NOTES_"), rules=RULES)
    try:
        settings = reading.usable()
    except ConfigurationError as refusal:
        print(refusal, file=sys.stderr)
        return 2
    uvicorn.run(Living(partial(started, settings)), port=settings.port, log_config=None, access_log=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
