"""What the application refuses is an event: of the right kind, by whom, from where, and without what was typed."""

from collections.abc import AsyncIterator, Sequence

import httpx
import pytest

from tests.guarded import requests_are_watched
from tests.making import a_listing, a_member, a_session
from threadly.app import create
from threadly.core.audit import Recorded
from threadly.core.audit import search as acts
from threadly.core.audit.events.queries import Found, Wanted, search
from threadly.core.database import Database
from threadly.settings import LimitsSettings, Settings
from threadly.wiring import Services, services

__all__ = ["requests_are_watched"]  # a fixture lives where it is imported

ADDRESS = ("203.0.113.9", 4711)
NETWORK = "203.0.113.0/24"
OWN = {"sec-fetch-site": "same-origin"}


@pytest.fixture
async def visitor(installed: Services) -> AsyncIterator[httpx.AsyncClient]:
    """Asks from somewhere."""
    transport = httpx.ASGITransport(create(installed), client=ADDRESS)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop") as asking:
        yield asking


async def seen(built: Services) -> Sequence[Found]:
    """What was recorded, and is written now."""
    assert await built.events.write()
    async with built.db.read() as read:
        return await search(read, Wanted(), limit=100)


async def test_each_refusal_is_an_event_of_its_kind(visitor: httpx.AsyncClient, installed: Services) -> None:
    mine = await a_member(installed.db)
    token = (await a_session(installed.db, mine.id)).token
    bearer = {"authorization": f"Bearer {token}"}
    theirs = await a_listing(installed.db)
    report = {"csp-report": {"effective-directive": "script-src-elem", "blocked-uri": "inline"}}
    answers = [
        await visitor.post("/sign-out", headers={"sec-fetch-site": "cross-site", "origin": "https://evil.example"}),
        await visitor.get("/", headers={"host": "evil.example"}),
        await visitor.get(f"/{'a' * 9000}"),
        await visitor.post("/csp-reports", json=report),
        await visitor.delete(f"/api/v1/listings/{theirs.id}", headers=bearer),
        await visitor.post("/api/v1/session", json={"name": "Mila@shop.example", "password": "seven wool coats"}),
        await visitor.post("/sign-in", data={"name": "mila@shop.example", "password": "seven wool hats"}, headers=OWN),
        await visitor.put("/api/v1/me/avatar", files={"picture": b"no picture"}, headers=bearer),
        await visitor.get("/nowhere"),
    ]
    statuses = [answer.status_code for answer in answers]
    found = {row.kind: row for row in await seen(installed)}
    assert {kind: (row.count, row.facts) for kind, row in found.items()} == {
        "csrf_violation": (1, {}),
        "unknown_host": (1, {}),
        "body_refused": (1, {"code": "url_too_long"}),
        "csp_violation": (1, {"directive": "script-src-elem"}),
        "permission_refused": (1, {"code": "listing_of_another"}),
        "sign_in_failed": (2, {"account": installed.events.digest("mila@shop.example")}),
        "suspicious_upload": (1, {"reason": "picture_unknown"}),
    }, statuses
    assert {row.network for row in found.values()} == {NETWORK}
    assert {kind for kind, row in found.items() if row.actor_id == mine.id} == {
        "permission_refused",
        "suspicious_upload",
    }
    assert "mila" not in str(found).lower().replace(mine.username, "")


async def test_a_limit_that_is_reached_is_an_event(settings: Settings) -> None:
    narrow = settings.model_copy(update={"limits": LimitsSettings(auth=1)})
    async with services(narrow) as built:
        transport = httpx.ASGITransport(create(built), client=("198.51.100.7", 4711))
        async with httpx.AsyncClient(transport=transport, base_url="http://shop") as asking:
            statuses = [
                (await asking.post("/api/v1/session", json={"name": "a", "password": "b"})).status_code
                for _ in range(3)
            ]
        found = {row.kind: (row.count, row.facts.get("limit"), row.network) for row in await seen(built)}
    assert statuses == [401, 429, 429]
    assert found["limit_hit"] == (2, "auth", "198.51.100.0/24")


async def test_a_database_that_is_gone_changes_no_answer(settings: Settings) -> None:
    gone = settings.database.model_copy(update={"url": type(settings.database.url)("postgresql://x@127.0.0.1:1/none")})
    async with services(settings.model_copy(update={"database": gone})) as built:
        transport = httpx.ASGITransport(create(built), client=ADDRESS)
        async with httpx.AsyncClient(transport=transport, base_url="http://shop") as asking:
            answer = await asking.get("/", headers={"host": "evil.example"})
        assert not await built.events.write()
        assert (built.events.waiting, built.events.dropped) == (1, 0)
    assert answer.status_code == 421


async def test_what_members_do_is_in_the_audit_log_with_the_request_it_was(
    visitor: httpx.AsyncClient, db: Database
) -> None:
    new = {"username": "mila", "email": "mila@shop.example", "password": "seven wool coats"}
    came = await visitor.post("/api/v1/members", json=new)
    bearer = {"authorization": f"Bearer {came.json()['token']}"}
    who = f"member {came.json()['member_id']}"
    changed = await visitor.patch("/api/v1/me", json={"place": "Varna"}, headers=bearer)
    await visitor.patch("/api/v1/me", json={"place": "Varna"}, headers=bearer)
    await visitor.post("/sign-in", data={"name": "mila", "password": "seven wool coats"}, headers=OWN)
    passwords = {"current_password": "seven wool coats", "new_password": "eight silk scarves"}
    await visitor.post("/account/password", data=passwords, headers=OWN)
    await visitor.post("/account/sessions/end-others", headers=OWN)
    refused = await visitor.post("/account", data={"display_name": "x" * 1000, "bio": "", "place": ""}, headers=OWN)
    assert refused.status_code in {200, 422}

    async with db.read() as read:
        told: Sequence[Recorded] = (await acts(read, limit=100))[::-1]
    assert [(act.act, act.actor, act.target) for act in told] == [
        (f"member.{name}", who, who)
        for name in ("signed_up", "profile_changed", "password_changed", "signed_out_elsewhere")
    ]
    assert (told[1].before, told[1].after) == ({"place": ""}, {"place": "Varna"})
    assert told[1].cause.startswith("PATCH /api/v1/me")
    assert told[1].request_id == changed.headers["x-request-id"]
    for secret in ("seven wool coats", "eight silk scarves", "mila@shop.example"):
        assert secret not in str(told)
