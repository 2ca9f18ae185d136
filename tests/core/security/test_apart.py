"""Files of strangers are at an origin of their own, and nothing else is."""

import re
from typing import Any

import pytest

from tests.core.security.letting_in import Answer, Shop, ask, refuse
from threadly.core.asgi import ASGIApp, Receive, Scope, Send
from threadly.core.security import Apart, came_apart

ORIGIN = "https://pictures.shop.example"
PATHS = re.compile(r"/media/[a-z]+\.webp")
SECRET = [(b"cookie", b"session=abc"), (b"authorization", b"Bearer abc"), (b"accept", b"image/*")]


class Files(Shop):
    """Remembers what it was asked."""

    asked: Scope

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked = scope
        await super().__call__(scope, receive, send)


def shop() -> tuple[ASGIApp, Files, Files]:
    pages, files = Files(), Files()
    return Apart(pages, files, origin=ORIGIN, paths=PATHS, refuse=refuse), pages, files


async def asked(app: ASGIApp, inside: Shop, host: bytes, path: str, **facts: Any) -> Answer:  # noqa: ANN401
    headers = [(b"host", host), *facts.pop("headers", [])]
    return await ask(app, inside, path=path, raw_path=path.encode(), headers=headers, **facts)


@pytest.mark.parametrize("host", [b"pictures.shop.example", b"pictures.shop.example:443", b"PICTURES.shop.example"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_file_is_answered_at_its_own_origin_and_nobody_asks(host: bytes, method: str) -> None:
    app, pages, files = shop()

    status, _ = await asked(app, files, host, "/media/coat.webp", headers=SECRET, method=method)

    assert (status, pages.came_in) == (200, [])
    assert came_apart(files.asked)
    assert [name for name, _ in files.asked["headers"]] == [b"host", b"accept"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/sign-in", 404),
        ("GET", "/api/v1/listings", 404),
        ("GET", "/media/", 404),
        ("GET", "/media/coat.html", 404),
        ("GET", "/media/coat.webp/", 404),
        ("GET", "/media/coat.webp\n", 404),
        ("GET", "//media/coat.webp", 404),
        ("GET", "/bg/media/coat.webp", 404),
        ("POST", "/media/coat.webp", 405),
        ("DELETE", "/media/coat.webp", 405),
        ("POST", "/sign-in", 405),
    ],
)
async def test_nothing_else_is_there(method: str, path: str, status: int) -> None:
    app, pages, files = shop()

    found, _ = await asked(app, files, b"pictures.shop.example", path, method=method)

    assert (found, pages.came_in, files.came_in) == (status, [], [])


@pytest.mark.parametrize(
    "host", [b"shop.example", b"pictures.shop.example.evil.example", b"pictures.shop.example:8443", b""]
)
async def test_every_other_host_is_led_on_and_comes_unmarked(host: bytes) -> None:
    app, pages, files = shop()

    await asked(app, pages, host, "/media/coat.webp", headers=SECRET)

    assert (pages.came_in, files.came_in) == (["GET"], [])
    assert not came_apart(pages.asked)
    assert (b"cookie", b"session=abc") in pages.asked["headers"]


async def test_who_names_two_hosts_is_not_led_to_the_files() -> None:
    app, pages, files = shop()

    await asked(app, pages, b"pictures.shop.example", "/media/coat.webp", headers=[(b"host", b"shop.example")])

    assert files.came_in == []


async def test_by_http_it_leads_to_https_at_the_same_origin() -> None:
    app, _, files = shop()

    status, headers = await asked(app, files, b"pictures.shop.example", "/media/coat.webp", scheme="http")

    assert (status, headers["location"]) == (308, f"{ORIGIN}/media/coat.webp")


async def test_what_is_no_request_passes() -> None:
    app, pages, _ = shop()
    sent: list[Any] = []

    async def receive() -> Any:  # noqa: ANN401
        return {}

    async def send(message: Any) -> None:  # noqa: ANN401
        sent.append(message)

    await app({"type": "lifespan"}, receive, send)

    assert pages.came_in == ["lifespan"]
