"""Request bodies: one table of what is read and what is refused, through a route that only this test has."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import httpx
import msgspec
import pytest
from litestar import Litestar, Request, Response, post
from litestar.params import Body
from msgspec import Meta

from threadly.api import problem_answer
from threadly.api.bodies import reader
from threadly.core.asgi import BodyLimit
from threadly.core.text import AsTyped


class Thing(msgspec.Struct, forbid_unknown_fields=True):
    """One field of each kind."""

    number: Annotated[int, Meta(ge=0, le=100)] = 0
    flag: bool = False
    text: Annotated[str, Meta(max_length=20)] = ""
    texts: list[str] = []
    password: AsTyped = ""


READ = reader(Thing, limit=BodyLimit(200))


@post("/ours", status_code=200)
async def ours(request: Request[Any, Any, Any]) -> Thing:
    """Reads strictly."""
    return await READ(request.scope, request.receive)  # type: ignore[arg-type]


class Loose(msgspec.Struct):
    """The same for Litestar's own reading."""

    number: int = 0
    flag: bool = False


@post("/litestar", status_code=200)
async def litestars(data: Annotated[Loose, Body()]) -> Loose:
    """Reads as Litestar does."""
    return data


def _tell(_: Request[Any, Any, Any], failure: Exception) -> Response[bytes]:
    told: Response[bytes] = problem_answer(failure)  # type: ignore[assignment]
    return told


@pytest.fixture
async def route() -> AsyncIterator[httpx.AsyncClient]:
    """Asks the test's own routes."""
    app = Litestar([ours, litestars], exception_handlers={Exception: _tell}, openapi_config=None, logging_config=None)
    transport = httpx.ASGITransport(app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
        yield client


JSON = {"content-type": "application/json"}

CASES = [
    ("nothing but defaults", b"{}", 200, None),
    ("a number", b'{"number": 5}', 200, None),
    ("a number as text", b'{"number": "5"}', 400, "body_invalid"),
    ("a number with a point", b'{"number": 5.0}', 400, "body_invalid"),
    ("a number as truth", b'{"number": true}', 400, "body_invalid"),
    ("a number over its bound", b'{"number": 101}', 400, "body_invalid"),
    ("a number of a thousand digits", b'{"number": ' + b"9" * 150 + b"}", 400, "body_invalid"),
    ("not a number", b'{"number": NaN}', 400, "body_malformed"),
    ("null", b'{"number": null}', 400, "body_invalid"),
    ("truth", b'{"flag": true}', 200, None),
    ("truth as text", b'{"flag": "true"}', 400, "body_invalid"),
    ("truth as number", b'{"flag": 1}', 400, "body_invalid"),
    ("text", '{"text": "рокля"}'.encode(), 200, None),
    ("text as number", b'{"text": 5}', 400, "body_invalid"),
    ("text over its bound", b'{"text": "' + b"a" * 21 + b'"}', 400, "body_invalid"),
    ("NUL in text", rb'{"text": "a\u0000b"}', 400, "body_invalid"),
    ("NUL in a list", rb'{"texts": ["a", "\u0000"]}', 400, "body_invalid"),
    ("a backslash before u0000", rb'{"text": "\\u0000"}', 200, None),
    ("NUL, raw", b'{"text": "\0"}', 400, "body_malformed"),
    ("half a surrogate", rb'{"text": "\ud800"}', 400, "body_malformed"),
    ("not UTF-8", b'{"text": "\xff"}', 400, "body_malformed"),
    ("an unknown name", b'{"price": 5}', 400, "body_invalid"),
    ("a name twice", b'{"number": 5, "number": 6}', 400, "body_invalid"),
    ("a list", b"[]", 400, "body_invalid"),
    ("nothing", b"", 400, "body_malformed"),
    ("half", b'{"number": 5', 400, "body_malformed"),
    ("more", b"{} {}", 400, "body_malformed"),
    ("deep", b"[" * 190, 400, None),
    ("as large as is read", b"{" + b" " * 198 + b"}", 200, None),
    ("a byte more", b"{" + b" " * 199 + b"}", 413, "body_too_large"),
]


@pytest.mark.parametrize(("case", "raw", "status", "code"), CASES, ids=[case[0] for case in CASES])
async def test_a_body_is_read_to_the_letter(
    route: httpx.AsyncClient, case: str, raw: bytes, status: int, code: str | None
) -> None:
    answer = await route.post("/ours", content=raw, headers=JSON)
    assert answer.status_code == status, answer.text
    if code is not None:
        assert answer.json()["code"] == code


async def test_text_is_tidied_and_a_password_left_as_it_was_typed(route: httpx.AsyncClient) -> None:
    sent = {"text": " e\u0301\r\na ", "password": " e\u0301\r\n", "texts": []}
    answer = await route.post("/ours", json=sent)
    assert (answer.json()["text"], answer.json()["password"]) == ("é\na", " é\r\n")


@pytest.mark.parametrize(
    ("media_type", "read"),
    [
        ("application/json", True),
        ("application/json; charset=utf-8", True),
        ("Application/JSON;charset=UTF-8", True),
        ("application/json; charset=latin-1", False),
        ("text/plain", False),
        ("application/x-www-form-urlencoded", False),
        ("application/jsonp", False),
        ("", False),
    ],
)
async def test_only_json_is_read(route: httpx.AsyncClient, media_type: str, read: bool) -> None:
    answer = await route.post("/ours", content=b"{}", headers={"content-type": media_type})
    assert answer.status_code == (200 if read else 415)
    if not read:
        assert answer.json()["code"] == "media_type_unsupported"


@pytest.mark.parametrize("raw", [b'{"number": 5.0}', b'{"number": "5"}', b'{"unknown": 1}'])
async def test_this_is_why_litestars_own_reading_is_not_used(route: httpx.AsyncClient, raw: bytes) -> None:
    """If one of these is refused one day, Litestar has become strict, and bodies.py may have become needless."""
    assert (await route.post("/litestar", content=raw, headers=JSON)).status_code == 200


def test_a_struct_that_ignores_what_it_does_not_know_cannot_be_declared() -> None:
    with pytest.raises(TypeError, match="Loose"):
        reader(Loose)
