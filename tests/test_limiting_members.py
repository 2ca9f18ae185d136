"""Who is refused by a limit can be looked up: by id where they are known, by the route, by the request's number."""

from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

import msgspec
import pytest
from structlog.testing import capture_logs

from tests.limited import REFUSED, made_up, narrow, narrower, visitor
from tests.making import a_member, a_session
from tests.statements import sent_to
from threadly.core.audit.events.queries import Found, Wanted, search
from threadly.core.observability import current
from threadly.wiring import Services

__all__ = ["narrow"]  # a fixture lives where it is imported

FAVOURITES = "/my/favourites"


def with_work(_logger: object, _level: str, told: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """A line as it is written: with what is known of the request."""
    work = current()
    return {**told, **({} if work is None else msgspec.to_builtins(work))}


async def hits(built: Services) -> Sequence[Found]:
    assert await built.events.write()
    async with built.db.read() as read:
        return await search(read, Wanted(kind="limit_hit"), limit=10)


async def test_a_member_whom_a_limit_refuses_is_told_by_id_and_route_and_reads_the_number(narrow: Services) -> None:
    few = narrower(narrow, "general", 2)
    member = await a_member(few.db)
    shown = {"cookie": f"threadly_session={(await a_session(few.db, member.id)).token}"}
    async with visitor(few, **shown) as asking:
        with capture_logs(processors=[with_work]) as lines:
            answers = [await asking.get(FAVOURITES) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, REFUSED, REFUSED]
    seen = [(event.actor_id, event.facts["limit"], event.count) for event in await hits(few)]
    assert seen == [(member.id, "general", 2)]
    told = [line for line in lines if line["event"] == "request"]
    assert [(line["route"], line["member_id"]) for line in told] == [(FAVOURITES, str(member.id))] * 4
    for answer in answers[2:]:
        assert f"tell us this number: <code>{answer.headers['x-request-id']}</code>" in answer.text


async def test_a_member_whom_an_exact_limit_refuses_is_told_as_well(narrow: Services) -> None:
    few = narrower(narrow, "upload", 1)
    member = await a_member(few.db)
    shown = {"authorization": f"Bearer {(await a_session(few.db, member.id)).token}"}
    async with visitor(few, **shown) as sending:
        answers = [await sending.put("/api/v1/me/avatar", files={"picture": b"no picture"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [422, REFUSED]
    assert [event.actor_id for event in await hits(few)] == [member.id]


@pytest.mark.parametrize("is_good", [True, False])
async def test_whom_the_limit_of_their_address_refuses_is_not_looked_up(narrow: Services, is_good: bool) -> None:
    few = narrower(narrow, "wide", 1)
    token = (await a_session(few.db, (await a_member(few.db)).id)).token
    shown = {"cookie": f"threadly_session={token}"} if is_good else made_up()
    async with visitor(few, **shown) as asking:
        await asking.get(FAVOURITES)
        with sent_to(few.db) as looked:
            refused = await asking.get(FAVOURITES)

    assert refused.status_code == REFUSED
    assert looked == []
    assert [event.actor_id for event in await hits(few)] == [None]


async def test_the_page_of_a_refusal_leads_back_to_what_was_wanted(narrow: Services) -> None:
    few = narrower(narrow, "auth", 1)
    from_form = {"referer": "http://shop.test/de/sign-in?next=/sell", "sec-fetch-site": "same-origin"}
    async with visitor(few) as guessing:
        await guessing.post("/sign-in", data={}, headers=from_form)
        refused = await guessing.post("/sign-in", data={}, headers=from_form)
        elsewhere = await guessing.post("/sign-in", data={}, headers=from_form | {"referer": "http://evil.example/x"})
    async with visitor(narrower(narrow, "wide", 1)) as asking:
        looked = [await asking.get("/search?q=coat") for _ in range(2)][1]

    for answer, way in ((refused, "/de/sign-in?next=/sell"), (elsewhere, "/"), (looked, "")):
        assert answer.status_code == REFUSED
        assert f'<a class="btn btn-primary" href="{way}">Try again</a>' in answer.text
