"""Who calls. How endpoints ask for it is in test_endpoints.py."""

from uuid import uuid4

import pytest

from threadly.api.callers import knows_caller, signed_in
from threadly.core.auth import SignInNeeded, sessions
from threadly.core.security.concurrency import HELD
from threadly.wiring import Services


async def test_a_caller_is_known_until_their_session_ends(installed: Services) -> None:
    issued = await installed.db.run(sessions.issue, uuid4(), settings=installed.settings.auth)
    asked = {"type": "http", "headers": [(b"authorization", f"Bearer {issued.token}".encode())], HELD: list[object]()}
    assert await signed_in(installed, {**asked}) == issued.actor

    await installed.db.run(sessions.end, issued.actor.id, issued.actor.session_id)
    with pytest.raises(SignInNeeded):
        await signed_in(installed, {**asked})


async def test_who_shows_nothing_is_nobody(installed: Services) -> None:
    with pytest.raises(SignInNeeded):
        await signed_in(installed, {"type": "http", "headers": []})


def test_a_claim_is_seen_whether_it_is_good_or_not() -> None:
    for name, value in ((b"authorization", b"Bearer x"), (b"authorization", b"?"), (b"cookie", b"threadly_session=x")):
        assert knows_caller({"type": "http", "headers": [(name, value)]})
    assert not knows_caller({"type": "http", "headers": [(b"cookie", b"theme=dark")]})
