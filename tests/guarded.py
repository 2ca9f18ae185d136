"""Every request that a test makes of an application in its own process is watched: `threadly.core.database.guard`."""

from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from threadly.core.database.guard import Limits, guarding, watched

FACES = Limits(
    repeats=3,
    rows=12,  # ten pictures, and a few
    whole=frozenset({"categories", "colours", "materials", "size_systems", "sizes"}),
    transaction_seconds=20,  # a shared machine stands still now and then; that a second is noticed, test_watching sees
)
_LOOKS = {"GET", "HEAD", "OPTIONS"}


@pytest.fixture(autouse=True)
def requests_are_watched(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Looks write nothing; no request asks the same more than thrice, unless its test has `@pytest.mark.repeats`."""
    allowed = request.node.get_closest_marker("repeats")
    limits = FACES if allowed is None else replace(FACES, repeats=allowed.args[0])
    plain = httpx.ASGITransport.handle_async_request

    async def handle(self: httpx.ASGITransport, asked: httpx.Request) -> httpx.Response:
        with watched(limits, only_reads=asked.method in _LOOKS):
            return await plain(self, asked)

    monkeypatch.setattr(httpx.ASGITransport, "handle_async_request", handle)
    with guarding():
        yield
