"""Signing up, in and out, in pages: complete without JavaScript, and told in the page what was wrong."""

import re
from datetime import timedelta
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import httpx
import pytest
from sqlalchemy import func, select

from tests.answers import headers_alike
from tests.web.conftest import signed_up
from threadly.app import create
from threadly.core.auth.sessions import Session
from threadly.core.database import Database
from threadly.marketplace.members import Credential, Member
from threadly.settings import Settings, SiteSettings
from threadly.wiring import Services, services

MILA = {"username": "mila", "email": "mila@shop.example", "password": "seven wool coats"}
MARKS = "a" + "\u0316\u0301" * 15_000
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


async def _counted(db: Database) -> tuple[int, ...]:
    async with db.read() as read:
        return tuple(
            [
                (await read.execute(select(func.count()).select_from(table))).scalar_one()
                for table in (Member, Credential, Session)
            ]
        )


async def test_who_signs_up_is_signed_in_and_sent_on(visitor: httpx.AsyncClient, db: Database) -> None:
    answer = await visitor.post("/sign-up", data=MILA | {"next": "/categories/women"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/categories/women")
    assert answer.headers["cache-control"] == "private, no-store"
    assert 'href="/members/mila"' in (await visitor.get("/")).text
    assert await _counted(db) == (1, 1, 1)


async def test_the_cookie_is_kept_from_scripts_and_from_other_sites(visitor: httpx.AsyncClient) -> None:
    cookie = (await visitor.post("/sign-up", data=MILA)).headers["set-cookie"]
    name, _, rest = cookie.partition("=")
    token, *attributes = rest.split("; ")
    assert name == "threadly_session"
    assert TOKEN.fullmatch(token)
    assert set(attributes) == {"Max-Age=15552000", "Path=/", "HttpOnly", "SameSite=Lax"}


async def test_over_tls_the_cookie_is_this_hosts_alone(settings: Settings) -> None:
    secure = settings.model_copy(update={"site": SiteSettings(url="https://shop.test")})
    async with services(secure) as built:
        transport = httpx.ASGITransport(create(built))
        async with httpx.AsyncClient(transport=transport, base_url="https://shop.test") as visitor:
            cookie = (await visitor.post("/sign-up", data=MILA)).headers["set-cookie"]
            jar = SimpleCookie(cookie)
            assert list(jar) == ["__Host-threadly_session"]
            assert jar["__Host-threadly_session"]["secure"]
            assert "Domain" not in cookie
            token = jar["__Host-threadly_session"].value
            visitor.cookies.clear()
            for name, known in (("__Host-threadly_session", True), ("threadly_session", False)):
                page = await visitor.get("/", headers={"cookie": f"{name}={token}"})
                assert ('href="/members/mila"' in page.text) is known


async def test_signing_out_ends_the_session_here_and_in_the_browser(visitor: httpx.AsyncClient, db: Database) -> None:
    await signed_up(visitor)
    token = visitor.cookies["threadly_session"]
    answer = await visitor.post("/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "threadly_session=; Max-Age=0;" in answer.headers["set-cookie"]
    assert "threadly_session" not in visitor.cookies
    assert await _counted(db) == (1, 1, 0)

    page = await visitor.get("/", headers={"cookie": f"threadly_session={token}"})
    assert 'href="/sign-in"' in page.text
    assert (await visitor.post("/sign-out")).status_code == 303


@pytest.mark.parametrize("name", ["mila", "MILA", " mila ", "mila@shop.example", "Mila@Shop.Example"])
async def test_one_signs_in_by_username_or_address(visitor: httpx.AsyncClient, name: str) -> None:
    await signed_up(visitor)
    first = visitor.cookies["threadly_session"]
    await visitor.post("/sign-out")
    answer = await visitor.post("/sign-in", data={"name": name, "password": MILA["password"], "next": "/account"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert visitor.cookies["threadly_session"] != first


async def test_what_was_wrong_is_not_told_and_nothing_differs(visitor: httpx.AsyncClient) -> None:
    await signed_up(visitor)
    visitor.cookies.clear()
    answers = []
    for name, password in (
        ("mila", "seven wool goats"),
        ("mila@shop.example", "seven wool goats"),
        ("nobody", MILA["password"]),
        ("nobody@shop.example", MILA["password"]),
    ):
        answer = await visitor.post("/sign-in", data={"name": name, "password": password})
        assert answer.status_code == 422
        assert f'value="{name}"' in answer.text
        assert password not in answer.text
        headers = {key: value for key, value in headers_alike(answer).items() if key != "content-length"}
        answers.append((headers, answer.text.replace(f'value="{name}"', "")))
    assert all(answer == answers[0] for answer in answers)
    assert "set-cookie" not in answers[0][0]


async def test_a_known_address_is_answered_byte_for_byte_like_any_other(
    visitor: httpx.AsyncClient, db: Database
) -> None:
    await signed_up(visitor)
    answers = []
    for username, email in (("mila2", MILA["email"]), ("mila3", "somebody-new@shop.example")):
        visitor.cookies.clear()
        answer = await visitor.post("/sign-up", data=MILA | {"username": username, "email": email})
        headers = [(name, TOKEN.sub("…", value)) for name, value in headers_alike(answer).items()]
        answers.append((answer.status_code, headers, answer.content))
    assert answers[0] == answers[1]
    assert await _counted(db) == (3, 3, 3)

    refusals = []
    for email in (MILA["email"], "somebody-new@shop.example"):
        visitor.cookies.clear()
        refused = await visitor.post("/sign-up", data=MILA | {"username": "mila", "email": email})
        refusals.append((refused.status_code, refused.text.replace(email, ""), refused.headers["cache-control"]))
    assert refusals[0] == refusals[1]


async def test_a_form_that_was_refused_comes_back_with_what_was_written_but_the_password(
    visitor: httpx.AsyncClient, db: Database
) -> None:
    written = {"username": 'mi"la', "email": "nowhere", "password": "<secret>", "next": "/account"}
    answer = await visitor.post("/sign-up", data=written)
    assert answer.status_code == 422
    assert answer.headers["cache-control"] == "private, no-store"
    for part in (
        'value="mi&#34;la" aria-describedby="username-error username-hint" aria-invalid="true"',
        "Please use letters from A to Z, figures, - and _ only.",
        'value="nowhere"',
        "Please write it like name@example.com.",
        'name="next" value="/account"',
        "data-mistakes",
    ):
        assert part in answer.text
    assert "secret" not in answer.text
    assert await _counted(db) == (0, 0, 0)


async def test_a_form_sent_twice_makes_one_member_and_says_so_kindly(visitor: httpx.AsyncClient, db: Database) -> None:
    visitor.headers["sec-fetch-site"] = "same-origin"
    await visitor.post("/sign-up", data=MILA)
    again = await visitor.post("/sign-up", data=MILA | {"next": "/account"})
    assert (again.status_code, again.headers["location"]) == (303, "/account")
    visitor.cookies.clear()
    without_cookie = await visitor.post("/sign-up", data=MILA)
    assert without_cookie.status_code == 422
    assert "Somebody has this name already. If it is you, please sign in." in without_cookie.text
    assert await _counted(db) == (1, 1, 1)


@pytest.mark.parametrize("path", ["/sign-up", "/sign-in"])
@pytest.mark.parametrize(
    ("way", "kept"),
    [
        ("/account?a=b", "/account?a=b"),
        ("//evil.example", None),
        ("/\\evil.example", None),
        ("https:", None),
        ("https://evil.example", None),
        ("javascript:alert(1)", None),
        ("/a\r\nset-cookie:x", None),
        ("/\t/evil.example", None),
        ("", None),
    ],
)
async def test_nobody_is_sent_to_another_site(
    visitor: httpx.AsyncClient, path: str, way: str, kept: str | None
) -> None:
    page = await visitor.get(path, params={"next": way})
    assert page.status_code == 200
    assert ('name="next"' in page.text) is (kept is not None)
    assert "evil.example" not in re.sub(r'<(nav|ul) class="languages".*?</\1>', "", page.text, flags=re.DOTALL)

    await signed_up(visitor)
    if path == "/sign-in":
        await visitor.post("/sign-out")
        done = await visitor.post(path, data={"name": "mila", "password": MILA["password"], "next": way})
    else:
        visitor.cookies.clear()
        done = await visitor.post(path, data=MILA | {"username": "mila2", "next": way})
    assert (done.status_code, done.headers["location"]) == (303, kept or "/")
    seen = await visitor.get(path, params={"next": way})
    assert (seen.status_code, seen.headers["location"]) == (303, kept or "/")


@pytest.mark.parametrize("path", ["/sign-up", "/sign-in"])
async def test_the_pages_of_strangers_are_shared(visitor: httpx.AsyncClient, path: str) -> None:
    page = await visitor.get(path)
    assert page.headers["cache-control"].startswith("public")
    assert "set-cookie" not in page.headers
    assert (await visitor.get(path, headers={"if-none-match": page.headers["etag"]})).status_code == 304


@pytest.mark.parametrize(
    ("case", "path", "form", "status", "says"),
    [
        ("60 KB", "/sign-up", MILA | {"password": "a" * 60_000}, 422, "Please use 128 characters at most."),
        ("60 KB to sign in", "/sign-in", {"name": "mila", "password": "ж" * 60_000}, 422, "128 characters at most"),
        ("60 KB of name", "/sign-up", MILA | {"username": "a" * 60_000}, 422, "20 characters at most"),
        (
            "60 KB of marks",
            "/sign-up",
            MILA | {"username": "a" + "\u0316\u0301" * 15_000},
            422,
            "20 characters at most",
        ),
        ("NUL", "/sign-up", MILA | {"username": "mi\0la"}, 400, "We could not read this form."),
        ("a control character", "/sign-up", MILA | {"username": "mi\x07la"}, 422, "letters from A to Z"),
        ("right to left", "/sign-up", MILA | {"username": "שלום"}, 422, "letters from A to Z"),
        ("emoji", "/sign-up", MILA | {"username": "🧶🧶🧶"}, 422, "letters from A to Z"),
        ("an unknown field", "/sign-up", MILA | {"is_admin": "1"}, 400, "We could not read this form."),
        ("a field missing", "/sign-in", {"name": "mila"}, 400, "We could not read this form."),
        ("too much", "/sign-up", MILA | {"password": "a" * 600_000}, 413, "Please send less."),
    ],
)
async def test_bad_input_is_answered_and_leaves_nothing(
    visitor: httpx.AsyncClient, db: Database, case: str, path: str, form: dict[str, str], status: int, says: str
) -> None:
    answer = await visitor.post(path, data=form)
    assert answer.status_code == status
    assert says in answer.text
    assert await _counted(db) == (0, 0, 0)


async def test_another_sites_form_signs_nobody_in_up_or_out(visitor: httpx.AsyncClient, db: Database) -> None:
    evil = {"origin": "https://evil.example"}
    for path, form in (("/sign-up", MILA), ("/sign-in", {"name": "mila", "password": "x"}), ("/sign-out", {})):
        answer = await visitor.post(path, data=form, headers=evil)
        assert answer.status_code == 403
        assert "This came from another site" in answer.text
        assert "set-cookie" not in answer.headers
    assert await _counted(db) == (0, 0, 0)


async def test_too_many_at_once_are_asked_to_come_back(installed: Services, visitor: httpx.AsyncClient) -> None:
    taken = 0
    while installed.passwords._free.acquire(blocking=False):
        taken += 1
    answer = await visitor.post("/sign-in", data={"name": "mila", "password": MILA["password"]})
    installed.passwords._free.release(taken)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert "Many people are signing in right now." in answer.text


async def test_a_session_is_kept_by_the_browser_as_long_as_it_can_last(
    visitor: httpx.AsyncClient, settings: Settings
) -> None:
    await signed_up(visitor)
    assert settings.auth.session_longest == timedelta(days=180)


@pytest.mark.parametrize(
    ("way", "why"),
    [
        ("/sell", "To sell something, you need an account."),
        ("/sell/0198?saved=1", "To sell something, you need an account."),
        ("/listings/0198#heart-0198", "To keep what you love, you need an account."),
        ("/my/favourites", "To keep what you love, you need an account."),
        ("/account", "For this, you need an account."),
    ],
)
async def test_who_is_asked_to_sign_in_hears_why_and_may_sign_up_as_well(
    visitor: httpx.AsyncClient, way: str, why: str
) -> None:
    asked = await visitor.get("/sign-in", params={"next": way})
    refused = await visitor.post("/sign-in", data={"name": "nobody", "password": "nothing", "next": way})
    german = await visitor.get("/de/sign-in", params={"next": f"/de{way}"})
    for page in (asked, refused):
        assert why in page.text
        assert f'href="/sign-up?{urlencode({"next": way})}"' in page.text
    assert ("verkaufen, brauchst du" in german.text) is ("sell" in why)
    assert "you need an account" not in (await visitor.get("/sign-in")).text
