"""Who asks too much is told so, by whom it is; and who reads a page with all its pictures is not."""

import secrets
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest

from tests.making import a_member, a_session
from threadly.app import create
from threadly.settings import LimitsSettings, Settings
from threadly.wiring import Services, services

REFUSED = 429
WRONG = {"name": "nobody", "password": "not it at all"}


@pytest.fixture
async def narrow(settings: Settings) -> AsyncIterator[Services]:
    """Services with the limits that a shop has, but a day long: nothing comes back on a slow machine either."""
    async with services(settings.model_copy(update={"limits": LimitsSettings()})) as built:
        a_day = {name: replace(limit, seconds=24 * 3600.0) for name, limit in built.limits.items()}
        yield replace(built, limits=a_day)


def visitor(built: Services, address: str | None = None, **headers: str) -> httpx.AsyncClient:
    """Somebody at an address that nobody else has had: all tests share a Valkey."""
    address = address or f"2001:db8:{secrets.token_hex(2)}:{secrets.token_hex(2)}::1"
    transport = httpx.ASGITransport(create(built), raise_app_exceptions=False, client=(address, 1234))
    return httpx.AsyncClient(transport=transport, base_url="http://shop.test", headers=headers)


def made_up() -> dict[str, str]:
    """What a browser sends from a page of the shop, with a session that nobody has."""
    return {"cookie": f"threadly_session={secrets.token_urlsafe(32)}", "sec-fetch-site": "same-origin"}


async def test_the_eleventh_guess_of_a_minute_is_refused_in_the_language_of_the_page(narrow: Services) -> None:
    async with visitor(narrow) as guessing:
        for _ in range(10):
            assert (await guessing.post("/sign-in", data=WRONG)).status_code == 422
        told = {at: await guessing.post(f"{at}/sign-in", data=WRONG) for at in ("", "/de", "/bg")}
    assert {answer.status_code for answer in told.values()} == {REFUSED}
    for at, sentence in {
        "": "a lot in a short time",
        "/de": "in kurzer Zeit",
        "/bg": "Можеш да продължиш след",
    }.items():
        assert sentence in told[at].text
        assert 1 <= int(told[at].headers["retry-after"]) <= 8640
        assert told[at].headers["ratelimit"] == f'"auth";r=0;t={told[at].headers["retry-after"]}'
        assert told[at].headers["cache-control"] == "no-store"


async def test_in_the_api_the_same_guesses_count_and_the_refusal_is_a_problem(narrow: Services) -> None:
    async with visitor(narrow) as guessing:
        for _ in range(5):
            await guessing.post("/sign-in", data=WRONG)
        answers = [await guessing.post("/api/v1/session", json=WRONG) for _ in range(6)]
    assert [answer.status_code for answer in answers[:5]] == [401] * 5
    assert [answer.headers["ratelimit"][:10] for answer in answers[:5]] == [
        f'"auth";r={left}' for left in (4, 3, 2, 1, 0)
    ]
    refused = answers[5]
    assert refused.status_code == REFUSED
    assert refused.headers["content-type"] == "application/problem+json"
    told = refused.json()
    assert (told["code"], told["limit"]) == ("limit_reached", "auth")
    assert told["retry_after_seconds"] == int(refused.headers["retry-after"])


async def test_a_neighbour_in_the_same_64_is_the_same_and_one_beyond_it_another(narrow: Services) -> None:
    place = f"2001:db8:{secrets.token_hex(2)}"
    async with visitor(narrow, f"{place}:1::1") as guessing:
        for _ in range(10):
            await guessing.post("/sign-in", data=WRONG)
    async with visitor(narrow, f"{place}:1::ffff") as neighbour, visitor(narrow, f"{place}:2::1") as other:
        assert (await neighbour.post("/sign-in", data=WRONG)).status_code == REFUSED
        assert (await other.post("/sign-in", data=WRONG)).status_code == 422


async def test_guesses_with_sessions_that_were_made_up_are_counted_as_those_without(narrow: Services) -> None:
    async with visitor(narrow) as guessing:
        answers = [await guessing.post("/api/v1/session", json=WRONG, headers=made_up()) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [401] * 10 + [REFUSED]


async def test_members_at_one_address_do_not_share_what_is_their_own(narrow: Services) -> None:
    mila, ivo = [await a_session(narrow.db, (await a_member(narrow.db)).id) for _ in range(2)]
    async with visitor(narrow) as asking:
        for token, status in [(mila.token, 404)] * 10 + [(mila.token, REFUSED), (ivo.token, 404)]:
            address = f"/api/v1/listings/{'0' * 8}-0000-7000-8000-{'0' * 12}/pictures"
            answer = await asking.post(address, headers={"authorization": f"Bearer {token}"}, content=b"")
            assert answer.status_code == status, answer.text


async def test_a_reader_of_pages_with_all_their_pictures_is_not_limited_and_is_told_nothing(narrow: Services) -> None:
    async with visitor(narrow) as reader:
        for _ in range(12):
            page = await reader.get("/")
            assert page.status_code == 200
            assert "ratelimit" not in page.headers
            for number in range(24):
                picture = await reader.get(f"/media/{number:032x}-320.webp")
                assert picture.status_code == 404, "there is none, and it may be asked for"


async def test_searches_are_limited_and_pages_that_everybody_is_shown_still_are(narrow: Services) -> None:
    async with visitor(narrow) as asking:
        statuses = [(await asking.get("/api/v1/facets")).status_code for _ in range(62)]
        assert statuses[:60] == [200] * 60
        assert REFUSED in statuses[60:]
        assert (await asking.get("/")).status_code == 200
