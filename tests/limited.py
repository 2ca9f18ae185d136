"""Services with the limits of a shop, of which nothing comes back while a test lasts, and visitors."""

import secrets
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest

from threadly.app import create
from threadly.core.config import Secret
from threadly.core.security.limits import Limiter, ValkeyStore
from threadly.settings import LimitsSettings, SecuritySettings, Settings
from threadly.wiring import Services, services

REFUSED = 429


@pytest.fixture
async def narrow(settings: Settings) -> AsyncIterator[Services]:
    """Services with the limits that a shop has, but a day long: nothing comes back on a slow machine either."""
    own = SecuritySettings(secret=Secret(secrets.token_hex(32)))  # names are kept by digests, and all share a Valkey
    async with services(settings.model_copy(update={"limits": LimitsSettings(), "security": own})) as built:
        a_day = {name: replace(limit, seconds=24 * 3600.0) for name, limit in built.limits.items()}
        patient = Limiter(ValkeyStore(built.valkey), workers=1, patience_seconds=30.0)  # a shared machine stands still
        async with patient.running():
            yield replace(built, limits=a_day, limiter=patient)


def narrower(built: Services, name: str, quota: int) -> Services:
    """With this limit at so many a day."""
    return replace(built, limits={**built.limits, name: replace(built.limits[name], quota=quota, burst=quota)})


def an_address() -> str:
    """One that nobody else has had: all tests share a Valkey."""
    return f"2001:db8:{secrets.token_hex(2)}:{secrets.token_hex(2)}::1"


def visitor(built: Services, address: str | None = None, **headers: str) -> httpx.AsyncClient:
    """Somebody, at an address of their own unless it is said."""
    transport = httpx.ASGITransport(create(built), raise_app_exceptions=False, client=(address or an_address(), 1234))
    return httpx.AsyncClient(transport=transport, base_url="http://shop.test", headers=headers)


def made_up() -> dict[str, str]:
    """What a browser sends from a page of the shop, with a session that nobody has."""
    return {"cookie": f"threadly_session={secrets.token_urlsafe(32)}", "sec-fetch-site": "same-origin"}
