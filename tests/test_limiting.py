"""Who asks too much is told so, by whom it is; and who reads a page with all its pictures is not."""

import asyncio
import secrets
from collections import Counter
from dataclasses import replace

import httpx
from prometheus_client import REGISTRY

from tests.limited import REFUSED, an_address, made_up, narrow, narrower, visitor
from tests.making import a_member, a_session
from tests.photographs import a_jpeg
from tests.web.selling import begun, listings_of, photos_of, sent
from threadly.app import create
from threadly.core.audit.events.queries import Wanted, search
from threadly.core.security import Slots
from threadly.marketplace.listings import Listing
from threadly.settings import LimitsSettings
from threadly.wiring import Services

__all__ = ["narrow"]

WRONG = {"name": "nobody", "password": "not it at all"}


async def test_the_eleventh_guess_of_a_minute_is_refused_in_the_language_of_the_page(narrow: Services) -> None:
    async with visitor(narrow) as guessing:
        for _ in range(10):
            assert (await guessing.post("/sign-in", data=WRONG)).status_code == 422
        told = {at: await guessing.post(f"{at}/sign-in", data=WRONG) for at in ("", "/de", "/bg")}
    assert {answer.status_code for answer in told.values()} == {REFUSED}
    for at, sentence in {
        "": "You can go on in 144 minutes.",
        "/de": "In 144 Minuten geht es weiter.",
        "/bg": "Можеш да продължиш след 144 минути.",
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


async def test_addresses_that_nothing_answers_count_against_who_asks_for_them(narrow: Services) -> None:
    few = narrower(narrow, "wide", 6)
    for method, path, headers in (
        ("GET", "/nowhere", {}),
        ("GET", "/api/v1/nowhere", {}),
        ("PUT", "/sign-in", {"sec-fetch-site": "same-origin"}),
        ("POST", "/account", {"sec-fetch-site": "cross-site"}),
        ("GET", "/", {"host": "evil.example"}),
    ):
        async with visitor(few) as scanning:
            statuses = [(await scanning.request(method, path, headers=headers)).status_code for _ in range(8)]
            assert set(statuses[:6]) <= {403, 404, 405, 421}
            assert statuses[6:] == [REFUSED] * 2
            assert (await scanning.get("/")).status_code == REFUSED, "it is the limit for all they ask"


async def test_one_address_does_not_use_up_the_reports_of_all(narrow: Services) -> None:
    few = narrower(narrow, "general", 30)
    told = httpx.ASGITransport(create(few), client=("2001:db8:ffff::1", 1))
    read = REGISTRY.get_sample_value("threadly_csp_reports_total", {"directive": "unread"}) or 0
    async with httpx.AsyncClient(transport=told, base_url="http://shop.test") as flooding:
        for _ in range(50):
            assert (await flooding.post("/csp-reports", content=b"[]")).status_code == 204
    now = REGISTRY.get_sample_value("threadly_csp_reports_total", {"directive": "unread"}) or 0
    assert 44 <= now - read <= 46


GUESS = {"name": "mila", "password": "not it at all"}
RIGHT = {"name": "Mila", "password": "seven wool coats"}


async def test_guesses_at_one_name_count_from_everywhere_and_its_owner_gets_in_at_home(narrow: Services) -> None:
    name = f"mila{secrets.token_hex(4)}"
    guess, right = GUESS | {"name": name}, RIGHT | {"name": name.title()}
    new = {"username": name, "email": f"{name}@shop.example", "password": RIGHT["password"]}
    async with visitor(narrow, home := an_address()) as owner:
        assert (await owner.post("/api/v1/members", json=new)).status_code == 201
        assert (await owner.post("/api/v1/session", json=right)).status_code == 201

    answers = []
    for _ in range(5):  # five addresses, whose own limit is ten
        async with visitor(narrow) as guessing:
            for number in range(5):
                spelt = name.upper() if number % 2 else name
                answers.append(await guessing.post("/api/v1/session", json=guess | {"name": spelt}))
    assert [answer.status_code for answer in answers] == [401] * 20 + [REFUSED] * 5
    assert {answer.json()["limit"] for answer in answers[20:]} == {"account"}
    assert all(int(answer.headers["retry-after"]) > 0 for answer in answers[20:])

    async with visitor(narrow) as stranger, visitor(narrow, home) as owner:
        assert (await stranger.post("/api/v1/session", json=right)).status_code == REFUSED
        assert (await stranger.post("/sign-in", data=right)).status_code == REFUSED
        other = await stranger.post("/api/v1/session", json=guess | {"name": f"{name}x"})
        assert other.status_code == 401, "another name is tried for the first time"
        assert (await owner.post("/api/v1/session", json=right)).status_code == 201
        assert (await owner.post("/sign-in", data=right)).status_code == 303


async def test_a_name_that_nobody_has_is_limited_just_the_same(narrow: Services) -> None:
    name, statuses = secrets.token_hex(8), []
    for _ in range(3):
        async with visitor(narrow) as guessing:
            statuses += [
                (await guessing.post("/api/v1/session", json=GUESS | {"name": name})).status_code for _ in range(8)
            ]
    assert statuses == [401] * 20 + [REFUSED] * 4


async def test_photos_that_come_with_the_form_count_as_photos_and_lose_nothing_that_was_written(
    narrow: Services,
) -> None:
    async with visitor(narrow) as seller:
        path = await begun(seller, narrow.db)
        for number in range(10):
            assert (await sent(seller, path, {"title": "Coat"}, a_jpeg(400 + number, 500))).status_code == 303
        answer = await sent(seller, path, {"title": "Changed"}, a_jpeg(399, 500))
        assert answer.status_code == REFUSED
        assert int(answer.headers["retry-after"]) > 0
        assert "a lot in a short time" in answer.text
        assert len(photos_of(answer.text)) == 10
        assert await listings_of(narrow.db, Listing.title) == [("Changed",)]
        assert (await sent(seller, path, {"title": "Again"})).status_code == 303, "without photos, it is no upload"


async def test_who_asks_for_a_great_deal_at_once_is_refused_and_all_slots_come_back(narrow: Services) -> None:
    limits = LimitsSettings(address_at_once=3, member_at_once=2)
    few = replace(
        narrow,
        settings=narrow.settings.model_copy(update={"limits": limits}),
        members_at_once=Slots("member", limits.member_at_once),
    )
    member = await a_member(few.db)
    token = (await a_session(few.db, member.id)).token
    headers = {"cookie": f"threadly_session={token}"}
    async with visitor(few) as asking:
        answers = await asyncio.gather(*(asking.get("/api/v1/facets") for _ in range(8)))
        assert Counter(answer.status_code for answer in answers)[200] == 3
        refused = [answer for answer in answers if answer.status_code == REFUSED]
        assert len(refused) == 5
        assert {(answer.json()["code"], answer.headers["retry-after"]) for answer in refused} == {
            ("at_once_reached", "1")
        }
        for _ in range(5):
            assert (await asking.get("/api/v1/me/favourites", headers=headers)).status_code == 200
        assert few.members_at_once.take(str(member.id))
        assert (await asking.get("/api/v1/me/favourites", headers=headers)).status_code == 200
        assert few.members_at_once.take(str(member.id))
        refused = [await asking.get(path, headers=headers) for path in ("/api/v1/me/favourites", "/account")]
        assert [answer.status_code for answer in refused] == [REFUSED] * 2
        assert "at the same time" in refused[1].text
        assert few.members_at_once.taken(str(member.id)) == 2, "what was refused has taken nothing"
    assert await few.events.write()
    async with few.db.read() as read:
        events = await search(read, Wanted(kind="limit_hit"), limit=10)
    assert {(event.facts["limit"], event.count) for event in events} == {("address_at_once", 5), ("member_at_once", 2)}
    async with visitor(few) as elsewhere:
        assert (await elsewhere.get("/")).status_code == 200
