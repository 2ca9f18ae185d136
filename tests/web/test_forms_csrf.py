"""Every way to change something is kept from other sites; people with old browsers have tokens in their forms."""

import re
from collections.abc import Iterator
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest
from litestar import Litestar
from litestar.routes import ASGIRoute, HTTPRoute

from tests.conftest import CountStatements
from tests.making import a_member
from tests.web.conftest import signed_up
from tests.web.visiting import cookie_of
from threadly.app import create
from threadly.core.database import Database
from threadly.wiring import Services

SAFE: Final = {"GET", "HEAD", "OPTIONS"}
ALL: Final = ("POST", "PUT", "PATCH", "DELETE")
TOKEN: Final = re.compile(
    r'<form\b[^>]*method="post"[^>]*><input type="hidden" name="csrf_token" value="([0-9a-f]{104})">'
)


def router(app: Any) -> Litestar:  # noqa: ANN401
    """What stands behind all the middleware."""
    while not isinstance(app, Litestar):
        app = app.app
    return app


def ways(services: Services) -> Iterator[tuple[str, str]]:
    """Each method and path by which something is changed."""
    for route in router(create(services)).routes:
        path = re.sub(r"\{\w+:\w+\}", str(uuid4()), route.path)
        if isinstance(route, HTTPRoute):
            yield from ((method, path) for method in route.methods if method not in SAFE)
        elif isinstance(route, ASGIRoute):  # answers any method for itself
            yield from ((method, path) for method in ALL)


async def test_each_route_that_changes_something_is_behind_it(
    installed: Services, visitor: httpx.AsyncClient, count_statements: CountStatements
) -> None:
    cookie = await cookie_of(installed.db, await a_member(installed.db))
    tried = list(ways(installed))
    assert len(tried) >= 30
    answers: list[httpx.Response] = []

    async def ask(method: str, path: str, headers: dict[str, str]) -> None:
        answers.append(await visitor.request(method, path, headers={"cookie": cookie["cookie"], **headers}))

    for method, path in tried:
        for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}, {}):
            assert await count_statements(installed.db, ask(method, path, headers)) == 0, (method, path)
            assert answers[-1].status_code == 403, (method, path, headers)


@pytest.mark.parametrize("path", ["/account", "/", "/sell", "/sign-in"])
async def test_pages_of_who_has_a_session_have_tokens_in_their_forms(
    visitor: httpx.AsyncClient, installed: Services, path: str
) -> None:
    await signed_up(visitor)
    session = visitor.cookies["threadly_session"]
    page = (await visitor.get(path, follow_redirects=True)).text
    shown = TOKEN.findall(page)
    assert shown
    assert len(shown) == len(re.findall(r'<form\b[^>]*method="post"', page))
    assert all(installed.csrf_tokens.fits(token.encode(), session.encode()) for token in shown)


async def test_who_has_no_session_is_shown_what_everybody_is(visitor: httpx.AsyncClient) -> None:
    for path in ("/", "/sign-in", "/sign-up", "/nowhere"):
        once, again = (await visitor.get(path)).text, (await visitor.get(path)).text
        assert "csrf_token" not in once
        if path != "/nowhere":  # which names the request
            assert once == again


async def test_an_old_browser_signs_up_writes_and_signs_out(visitor: httpx.AsyncClient, db: Database) -> None:
    await signed_up(visitor)
    del visitor.headers["sec-fetch-site"]
    refused = await visitor.post("/account", data={"display_name": "Eve"})
    assert refused.status_code == 403

    token = TOKEN.findall((await visitor.get("/account")).text)[0]
    written = {"csrf_token": token, "display_name": "Mila", "bio": "", "place": ""}
    assert (await visitor.post("/account", data=written)).status_code == 303
    page = (await visitor.get("/account")).text
    assert 'value="Mila"' in page
    parts: dict[str, Any] = {"csrf_token": (None, TOKEN.findall(page)[0]), "avatar": ("a.png", b"no picture")}
    assert (await visitor.post("/account/avatar", files=parts)).status_code == 422
    assert (await visitor.post("/sign-out", data={"csrf_token": token})).status_code == 303
    assert (await visitor.post("/sign-out", data={"csrf_token": token})).status_code == 303
