"""What another site makes a browser send changes nothing here."""

import httpx
import pytest

from threadly.core.asgi import ASGIApp, Receive, Scope, Send
from threadly.core.errors import Problem
from threadly.core.security import CrossOriginRefused, SameOrigin

SITE = "https://shop.example"
FIREFOX = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "accept": "*/*"}


class Shop:
    """Counts who came in."""

    def __init__(self) -> None:
        self.came_in: list[str] = []

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        self.came_in.append(scope.get("method", scope["type"]))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def refuse(_: Scope, problem: Problem) -> ASGIApp:
    assert isinstance(problem, CrossOriginRefused)

    async def answer(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": problem.status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    return answer


async def ask(method: str, headers: list[tuple[str, str]], host: str = "shop.example") -> int:
    """The status; what is refused has not come in."""
    shop = Shop()
    transport = httpx.ASGITransport(SameOrigin(shop, origin=SITE, refuse=refuse))
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
        answer = await client.send(httpx.Request(method, f"http://{host}/", headers=[*FIREFOX.items(), *headers]))
    assert shop.came_in == ([method] if answer.status_code == 200 else [])
    return answer.status_code


CASES = [
    # What browsers of today send with a form, a fetch or a beacon.
    ("our own page", [("sec-fetch-site", "same-origin"), ("origin", SITE)], 200),
    ("our own page, Origin hidden", [("sec-fetch-site", "same-origin"), ("origin", "null")], 200),
    ("typed or from a bookmark", [("sec-fetch-site", "none")], 200),
    ("another site", [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")], 403),
    ("another site, from a sandboxed frame", [("sec-fetch-site", "cross-site"), ("origin", "null")], 403),
    ("a neighbour's domain", [("sec-fetch-site", "same-site"), ("origin", "https://blog.shop.example")], 403),
    ("another site that hides its Origin", [("sec-fetch-site", "cross-site")], 403),
    ("another site at our host's other port", [("sec-fetch-site", "same-site"), ("origin", f"{SITE}:444")], 403),
    ("the site's own page, asking another host of ours", [("sec-fetch-site", "cross-site"), ("origin", SITE)], 200),
    ("something that browsers do not say", [("sec-fetch-site", "Same-Origin")], 403),
    ("nothing", [("sec-fetch-site", "")], 403),
    # Browsers without Sec-Fetch-Site: old ones, and all over plain HTTP.
    ("the site's address", [("origin", SITE)], 200),
    ("the host that was asked", [("origin", "http://shop.example")], 200),
    ("another host", [("origin", "https://evil.example")], 403),
    ("a host that begins like ours", [("origin", "https://shop.example.evil.example")], 403),
    ("a host that ends like ours", [("origin", "https://evil-shop.example")], 403),
    ("ours as a user's name", [("origin", "https://shop.example@evil.example")], 403),
    ("another port", [("origin", "https://shop.example:8443")], 403),
    ("with a path", [("origin", "https://shop.example/")], 403),
    ("null", [("origin", "null")], 403),
    ("empty", [("origin", "")], 403),
    ("no scheme", [("origin", "shop.example")], 403),
    ("another scheme", [("origin", "file://shop.example")], 403),
    # No browser.
    ("a program", [], 200),
    ("a program with a token", [("authorization", "Bearer x")], 200),
    # Headers that contradict themselves.
    ("twice", [("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")], 403),
    ("two origins", [("origin", SITE), ("origin", "https://evil.example")], 403),
]


@pytest.mark.parametrize(("case", "headers", "status"), CASES, ids=[case[0] for case in CASES])
@pytest.mark.parametrize("method", ["POST", "DELETE"])
async def test_only_our_own_pages_and_programs_change_anything(
    method: str, case: str, headers: list[tuple[str, str]], status: int
) -> None:
    assert await ask(method, headers) == status


@pytest.mark.parametrize("method", ["PUT", "PATCH", "PROPFIND", "post", "CONNECT", "TRACE"])
async def test_every_method_that_is_not_known_to_be_safe_is_looked_at(method: str) -> None:
    assert await ask(method, [("sec-fetch-site", "cross-site")]) == 403


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
async def test_links_from_other_sites_work(method: str) -> None:
    assert await ask(method, [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")]) == 200


async def test_a_port_is_part_of_the_host() -> None:
    assert await ask("POST", [("origin", "http://localhost:8001")], host="localhost:8001") == 200
    assert await ask("POST", [("origin", "http://localhost")], host="localhost:8001") == 403


async def test_what_is_not_http_passes() -> None:
    shop = Shop()

    async def nothing(*_: object) -> dict[str, object]:
        return {}

    await SameOrigin(shop, origin=SITE, refuse=refuse)({"type": "lifespan"}, nothing, nothing)  # type: ignore[arg-type]
    assert shop.came_in == ["lifespan"]
