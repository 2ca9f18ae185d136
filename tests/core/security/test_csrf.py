"""What another site makes a browser send changes nothing here, and honest people are never kept out."""

import asyncio
from typing import Any

import pytest

from tests.core.security.csrf_pack import ATTACKS, COOKIE, EVIL, HONEST, OTHER, SEEN, SESSION, SITE, Case
from tests.core.security.csrf_trying import MADE, TOKENS, Shop, defended, refuse, request, status_of
from threadly.core.asgi import Message, Receive, Scope, Send
from threadly.core.security import SameOrigin
from threadly.core.security.csrf import FIELD, HEADER, MOST_BEFORE


async def tried(case: Case, **facts: Any) -> tuple[int, list[bytes], bytes]:  # noqa: ANN401
    """The status, what came in, and what was sent."""
    shop = Shop()
    token = None if case.token is None else MADE[case.token]()
    scope, body = request(case, token, header=HEADER.lower(), field=FIELD)
    status = await status_of(defended(shop, **facts), scope, body, chunks=case.chunks)
    return status, shop.bodies, body


def test_the_table_is_long_enough_and_says_nothing_twice() -> None:
    assert len(ATTACKS) >= 45
    assert len(HONEST) >= 25
    names = [case.name for case in (*ATTACKS, *HONEST)]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("case", ATTACKS, ids=lambda case: case.name)
async def test_no_attack_comes_in(case: Case) -> None:
    status, came_in, _ = await tried(case)
    assert came_in == []
    assert status in {400, 403, 421}


@pytest.mark.parametrize(
    ("case", "is_let_in"),
    [
        (Case("two origins, and nobody's name", (("origin", EVIL), ("origin", EVIL)), cookie=None), False),
        (Case("ours and another's", (("sec-fetch-site", "same-origin"), ("origin", SITE), ("origin", EVIL))), False),
        (
            Case("two words, and the first is good", (("sec-fetch-site", "none"), ("sec-fetch-site", "cross-site"))),
            False,
        ),
        (Case("two tokens", ((HEADER.lower(), MADE["own"]()), (HEADER.lower(), MADE["own"]()))), False),
        (Case("cookies one by one, and a session among them", (("cookie", SEEN),)), False),
        (Case("harmless cookies one by one", (("cookie", SEEN),), cookie=SEEN), True),
        (Case("cookies one by one, and a token", (("cookie", SEEN),), token="own"), True),
    ],
    ids=lambda given: given.name if isinstance(given, Case) else "",
)
async def test_what_stands_there_twice_contradicts_itself_but_for_cookies(case: Case, is_let_in: bool) -> None:
    status, came_in, sent = await tried(case)
    assert (status, came_in) == ((200, [sent]) if is_let_in else (403, []))


@pytest.mark.parametrize("case", HONEST, ids=lambda case: case.name)
async def test_honest_people_come_in_with_all_that_they_send(case: Case) -> None:
    status, came_in, sent = await tried(case)
    assert (status, came_in) == (200, [sent])


async def test_without_tokens_who_says_nothing_and_sends_a_cookie_is_refused() -> None:
    old = Case("old", token="own", place="form")
    assert (await tried(old, tokens=None))[0] == 403
    assert (await tried(old, session=None))[0] == 403
    assert (await tried(Case("program", cookie=None), tokens=None))[0] == 200


def test_tokens_differ_each_time_and_fit_their_session_alone() -> None:
    made = {TOKENS.issue(SESSION) for _ in range(50)}
    assert len(made) == 50
    assert all(TOKENS.fits(token.encode(), SESSION.encode()) for token in made)
    assert not any(TOKENS.fits(token.encode(), OTHER.encode()) for token in made)
    assert SESSION not in "".join(made)


@pytest.mark.parametrize(("before", "status"), [(0, 200), (MOST_BEFORE - 200, 200), (MOST_BEFORE, 403)])
async def test_a_token_is_looked_for_at_the_beginning_alone(before: int, status: int) -> None:
    shop, read = Shop(), 0
    body = b"x=" + b"y" * before + b"&" + f"{FIELD}={TOKENS.issue(SESSION)}".encode() + b"&z=" + b"z" * 100_000
    pieces = [body[at : at + 1000] for at in range(0, len(body), 1000)]

    async def receive() -> Message:
        nonlocal read
        read += 1
        return {"type": "http.request", "body": pieces[read - 1], "more_body": read < len(pieces)}

    said: list[Message] = []

    async def send(message: Message) -> None:
        said.append(message)

    scope, _ = request(Case("form", kind="application/x-www-form-urlencoded"), None, header="", field="")
    await defended(shop)(scope, receive, send)
    assert said[0]["status"] == status
    assert shop.bodies == ([body] if status == 200 else [])
    assert read == (len(pieces) if status == 200 else -(-MOST_BEFORE // 1000))


async def test_who_leaves_or_sends_nothing_more_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("threadly.core.security.csrf._MOST_SECONDS", 0.05)
    scope, _ = request(Case("form", kind="application/x-www-form-urlencoded"), None, header="", field="")

    async def leaves() -> Message:
        return {"type": "http.disconnect"}

    async def hangs() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    for receive in (leaves, hangs):
        shop, said = Shop(), list[Message]()

        async def send(message: Message, said: list[Message] = said) -> None:
            said.append(message)

        await defended(shop)(scope, receive, send)
        assert (said[0]["status"], shop.bodies) == (403, [])


async def test_an_exemption_is_a_route_and_no_path_that_looks_like_it() -> None:
    returns, account = object(), object()
    table = {"/returns": returns, "/returns/account": account}
    attack = ATTACKS[0]
    for path, status in {"/returns": 200, "/returns/account": 403, "/Returns": 403, "/returns/": 403, "": 403}.items():
        shop = Shop()
        scope, body = request(attack, None, header="", field="")
        app = SameOrigin(
            shop, origin=SITE, refuse=refuse, exempt=[returns], route=lambda scope: table.get(scope["path"])
        )
        assert await status_of(app, {**scope, "path": path}, body) == status
        assert len(shop.bodies) == (status == 200)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "PROPFIND", "post", "CONNECT", "TRACE"])
async def test_every_method_that_is_not_known_to_be_safe_is_looked_at(method: str) -> None:
    assert (await tried(Case("other", (("sec-fetch-site", "cross-site"),), method=method)))[0] == 403


async def test_on_this_machine_any_port_is_the_one_that_was_asked() -> None:
    for origin, status in {
        "http://127.0.0.1:9000": 200,
        "http://127.0.0.1:9001": 403,
        "https://127.0.0.1:9000": 403,
    }.items():
        case = Case("here", (("origin", origin),), cookie=COOKIE, host="127.0.0.1:9000")
        scope, body = request(case, None, header="", field="")
        app = SameOrigin(Shop(), origin="http://localhost:8000", refuse=refuse)
        assert await status_of(app, scope, body) == status


async def test_what_is_not_http_passes() -> None:
    seen = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["type"])

    async def nothing(*_: object) -> dict[str, object]:
        return {}

    await SameOrigin(app, origin=SITE, refuse=refuse)({"type": "lifespan"}, nothing, nothing)  # type: ignore[arg-type]
    assert seen == ["lifespan"]
