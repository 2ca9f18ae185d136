"""Whoever asks is limited as whom the face takes them for, and nothing is looked up for who is refused by address."""

import secrets
from dataclasses import replace
from ipaddress import ip_network

import pytest

from tests.limited import REFUSED, an_address, made_up, narrow, narrower, visitor
from tests.making import a_member, a_session
from tests.photographs import a_jpeg
from tests.statements import sent_to
from threadly.core.security.limits import network_of
from threadly.settings import ServerSettings
from threadly.wiring import Services

__all__ = ["narrow"]

NOWHERE = f"/api/v1/listings/{'0' * 8}-0000-7000-8000-{'0' * 12}/pictures"


def junk() -> dict[str, str]:
    """A token that is nobody's, for who believes the header."""
    return {"authorization": f"Bearer {secrets.token_urlsafe(32)}"}


async def cookie(built: Services) -> dict[str, str]:
    """What the browser of a new member sends with a form of the shop."""
    token = (await a_session(built.db, (await a_member(built.db)).id)).token
    return {"cookie": f"threadly_session={token}", "sec-fetch-site": "same-origin"}


async def test_in_pages_a_member_is_counted_by_the_cookie_whatever_the_header_says(narrow: Services) -> None:
    member, photo = await cookie(narrow), {"avatar": ("me.jpg", a_jpeg(40, 50), "image/jpeg")}
    statuses = []
    for _ in range(11):
        async with visitor(narrow) as elsewhere:  # each time at another address, with another token
            answer = await elsewhere.post("/account/avatar", files=photo, headers=member | junk())
            statuses.append(answer.status_code)
    assert statuses == [303] * 10 + [REFUSED]


async def test_in_pages_a_header_alone_is_nobody_s_and_counts_for_its_address(narrow: Services) -> None:
    token = (await a_session(narrow.db, (await a_member(narrow.db)).id)).token
    bearer = {"authorization": f"Bearer {token}", "sec-fetch-site": "same-origin"}
    few = narrower(narrow, "general", 5)
    async with visitor(few) as asking:
        statuses = [(await asking.post("/account/avatar/remove", headers=bearer)).status_code for _ in range(7)]
        assert statuses[:5] == [303] * 5
        assert statuses[5:] == [REFUSED] * 2
    async with visitor(few) as elsewhere:
        assert (await elsewhere.post("/account/avatar/remove", headers=bearer)).status_code == 303


async def test_in_the_api_the_header_goes_before_the_cookie_as_it_does_for_who_calls(narrow: Services) -> None:
    mila, ivo = [await a_session(narrow.db, (await a_member(narrow.db)).id) for _ in range(2)]
    few = narrower(narrow, "general", 5)
    as_ivo = {"cookie": f"threadly_session={mila.token}", "authorization": f"Bearer {ivo.token}"}
    async with visitor(few) as asking:
        statuses = [(await asking.get("/api/v1/me/favourites", headers=as_ivo)).status_code for _ in range(7)]
        assert statuses == [200] * 5 + [REFUSED] * 2
        as_mila = {"cookie": f"threadly_session={mila.token}"}
        assert (await asking.get("/api/v1/me/favourites", headers=as_mila)).status_code == 200


async def test_what_is_the_same_for_everybody_asks_for_nobody_s_session(narrow: Services) -> None:
    member = await cookie(narrow)
    async with visitor(narrow) as asking:
        for path in ("/api/v1/categories", "/suggestions?q=li"):
            (await asking.get(path)).raise_for_status()
            with sent_to(narrow.db) as sent:
                assert (await asking.get(path, headers=member)).status_code == 200
            assert not [statement for statement, _ in sent if "sessions" in statement]


@pytest.mark.parametrize(
    ("case", "method", "path"),
    [
        ("an exact limit", "POST", "/account/avatar"),
        ("a leased one", "POST", "/account/avatar/remove"),
        ("a page", "GET", "/"),
        ("the API", "POST", NOWHERE),
        ("the API, a look", "GET", "/api/v1/me/favourites"),
    ],
)
async def test_who_is_refused_by_address_has_nothing_looked_up_whatever_session_they_made_up(
    narrow: Services, case: str, method: str, path: str
) -> None:
    few = narrower(narrow, "wide", 20)
    async with visitor(few) as flooding:
        with sent_to(few.db) as let_in:
            statuses = [(await flooding.request(method, path, headers=made_up())).status_code for _ in range(20)]
        with sent_to(few.db) as refused:
            for _ in range(20):
                answer = await flooding.request(method, path, headers=made_up())
                assert answer.status_code == REFUSED
    looks = [statement for statement, _ in let_in if "FROM sessions" in statement]
    assert len(looks) == 20, "each of these was looked for once, by the limit or by the face"
    assert set(statuses) <= {200, 303, 401, REFUSED}, "by the limit of their own, or not at all"
    assert refused == []


async def test_sessions_that_were_made_up_have_no_limits_of_their_own_to_use_up_or_to_keep(narrow: Services) -> None:
    few, address = narrower(narrow, "general", 5), an_address()
    async with visitor(few, address) as flooding:
        statuses = [(await flooding.post("/account/avatar/remove", headers=made_up())).status_code for _ in range(50)]
        for _ in range(50):
            assert (await flooding.get("/", headers=made_up())).status_code == 200, "shown as to everybody"
    assert statuses == [303] * 5 + [REFUSED] * 45
    for name in ("general", "wide"):
        book = few.limiter._book(few.limits[name])
        assert {*book.leases, *(key for shard in book.heard.shards for key in shard)} == {network_of(address)}


async def test_what_is_too_large_counts_for_who_sent_it_and_not_for_the_proxy(narrow: Services) -> None:
    few = narrower(narrow, "wide", 6)
    server = ServerSettings(trusted_proxies=(ip_network("192.0.2.7/32"),), hosts=few.settings.server.hosts)
    behind = replace(few, settings=few.settings.model_copy(update={"server": server}))
    sender, other = an_address(), an_address()
    async with visitor(behind, "192.0.2.7") as proxy:
        large = {"x-forwarded-for": sender, "x-large": "a" * 20_000}
        statuses = [(await proxy.get("/", headers=large)).status_code for _ in range(8)]
        assert statuses == [431] * 6 + [REFUSED] * 2
        assert (await proxy.get("/", headers={"x-forwarded-for": sender})).status_code == REFUSED
        assert (await proxy.get("/", headers={"x-forwarded-for": other})).status_code == 200
