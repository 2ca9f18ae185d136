"""Ways on, which never lead to somebody else's site."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar import HttpMethod, Litestar, Request, route
from litestar.datastructures import State
from litestar.response.base import ASGIResponse

from tests.web.conftest import signed_up
from tests.web.ways_out import WAYS_OUT, lands_at
from threadly.web.redirects import same_site, see_other, to_sign_in


@pytest.mark.parametrize("address", ["/", "/account", "/sell?draft=1#photos", "/categories/women?cursor=a%20b", "/bg/"])
def test_an_address_of_this_site_is_followed(address: str) -> None:
    assert same_site(address) == address


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "account",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "\\/evil.example",
        "/\\/evil.example",
        "https://evil.example",
        "https:",
        "http:/evil.example",
        "javascript:alert(1)",
        " //evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/a\r\nset-cookie: x",
        "\t/account",
        "/\0",
        "/имя",
        "/a b",
        "/a\\b",
        "/" + "a" * 2000,
    ],
)
def test_what_could_lead_elsewhere_is_not(address: str | None) -> None:
    assert same_site(address) is None


def test_a_browser_would_be_led_out_by_most_of_the_pack() -> None:
    led = [way for way in WAYS_OUT if lands_at(way) not in {None, "http://shop.test"}]
    assert len(WAYS_OUT) >= 30
    assert len(led) >= 20, led


@pytest.mark.parametrize("way", WAYS_OUT)
def test_nobody_is_sent_out_even_where_somebody_forgot_to_look(way: str) -> None:
    for headers in (see_other(way).headers, see_other(f"{way}#card").headers):
        assert lands_at(headers["location"]) == "http://shop.test"
        assert len(headers.getall("location")) == 1
        assert "\n" not in headers["location"]


async def test_who_signs_in_is_sent_nowhere_else_by_any_address(visitor: httpx.AsyncClient) -> None:
    await signed_up(visitor)
    session = visitor.cookies["threadly_session"]
    sent_on = 0
    for way in WAYS_OUT:
        visitor.cookies.clear()
        form = {"name": "mila", "password": "seven wool coats", "next": way}
        answers = [await visitor.post("/sign-in", data=form)]
        visitor.cookies.set("threadly_session", session)
        answers += [
            await visitor.get("/sign-in", params={"next": way}),
            await visitor.get("/sign-up", params={"next": way}),
            await visitor.post("/sign-up", data={"username": "a", "email": "a", "password": "a", "next": way}),
        ]
        assert {answer.status_code for answer in answers} <= {303, 400}, way  # what cannot be read is refused
        led = [answer.headers["location"] for answer in answers if answer.status_code == 303]
        assert {lands_at(location) for location in led} <= {"http://shop.test"}, way
        sent_on += len(led)
    assert sent_on > 3 * len(WAYS_OUT)


@given(st.text(max_size=30))
def test_whatever_is_followed_begins_with_exactly_one_slash(address: str) -> None:
    if (followed := same_site(address)) is not None:
        assert followed == address
        assert followed.startswith("/")
        assert not followed.startswith(("//", "/\\"))
        assert followed.isascii()
        assert followed.isprintable()


@route(["/mine", "/mine/{which:str}"], http_method=[HttpMethod.GET, HttpMethod.POST], status_code=200)
async def mine(request: Request[Any, Any, State]) -> ASGIResponse:
    """A page that is somebody's."""
    return to_sign_in(request)


@pytest.fixture
async def stranger() -> AsyncIterator[httpx.AsyncClient]:
    """Nobody who has signed in, at pages that are somebody's."""
    app = Litestar([mine], openapi_config=None, logging_config=None)
    transport = httpx.ASGITransport(app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        yield client


@pytest.mark.parametrize(
    ("case", "method", "path", "headers", "way"),
    [
        ("a page", "GET", "/mine/a", {}, "/sign-in?next=/mine/a"),
        ("with a query", "GET", "/mine/a?b=c&d=%C3%A9", {}, "/sign-in?next=/mine/a%3Fb%3Dc%26d%3D%25C3%25A9"),
        ("of Cyrillic", "GET", "/mine/рокля", {}, f"/sign-in?next={quote(quote('/mine/рокля'), safe='/')}"),
        (
            "a form",
            "POST",
            "/mine",
            {"referer": "http://shop.test/listings/1?a=b"},
            "/sign-in?next=/listings/1%3Fa%3Db",
        ),
        ("a form from nowhere", "POST", "/mine", {}, "/sign-in?next=/"),
        ("a form from elsewhere", "POST", "/mine", {"referer": "https://evil.example/x"}, "/sign-in?next=/"),
        ("a form from half an address", "POST", "/mine", {"referer": "http://["}, "/sign-in?next=/"),
        ("a form from // here", "POST", "/mine", {"referer": "http://shop.test//evil.example"}, "/sign-in?next=/"),
    ],
)
async def test_who_must_sign_in_is_brought_back_afterwards(
    stranger: httpx.AsyncClient, case: str, method: str, path: str, headers: dict[str, str], way: str
) -> None:
    answer = await stranger.request(method, path, headers=headers)
    assert (answer.status_code, answer.headers["location"]) == (303, way)
    assert answer.headers["cache-control"] == "private, no-store"


async def test_htmx_is_told_the_way_by_a_header(stranger: httpx.AsyncClient) -> None:
    headers = {"hx-request": "true", "hx-current-url": "http://shop.test/categories/women?sort=price_asc"}
    for method, path in (("POST", "/mine"), ("GET", "/mine/a")):
        answer = await stranger.request(method, path, headers=headers)
        assert answer.status_code == 204
        assert answer.headers["hx-redirect"] == "/sign-in?next=/categories/women%3Fsort%3Dprice_asc"


async def test_who_pressed_a_heart_comes_back_to_it(visitor: httpx.AsyncClient) -> None:
    id = "01980000-0000-7000-8000-000000000000"
    answer = await visitor.post(f"/listings/{id}/heart", headers={"referer": "http://shop.test/search?q=coat"})
    assert answer.headers["location"] == f"/sign-in?next=/search%3Fq%3Dcoat%23heart-{id}"
