"""Failures as JSON: every one, whoever raised it."""

import socket
from uuid import uuid4

import httpx
import msgspec
import pytest
from litestar.exceptions import HTTPException, ValidationException

from tests.conftest import Lines
from threadly import app
from threadly.api import problem_answer, problem_of
from threadly.api.problems import told
from threadly.core.database import DatabaseUnavailable
from threadly.core.errors import Conflict, NotFound, Problem, every_problem
from threadly.marketplace import storefront
from threadly.settings import Settings
from threadly.wiring import services


@pytest.mark.parametrize("kind", list(every_problem()), ids=lambda kind: kind.code)
def test_every_problem_can_be_told(kind: type[Problem]) -> None:
    problem = kind.__new__(kind)  # some are made of something else than a sentence and facts
    Problem.__init__(problem, "Because.", listing_id=uuid4(), type="not this")
    answer = problem_answer(problem)
    body = msgspec.json.decode(answer.body)
    assert answer.headers["content-type"] == "application/problem+json"
    assert body.pop("listing_id")
    assert body == {
        "type": f"/api/v1/docs#{kind.code}",
        "title": kind.title,
        "status": answer.status,
        "code": kind.code,
        "detail": "Because.",
    }


def test_a_detail_that_is_not_there_is_left_out() -> None:
    assert "detail" not in told(NotFound())


def test_an_answer_says_when_to_try_again() -> None:
    assert problem_answer(DatabaseUnavailable()).headers["retry-after"] == "1"
    assert "retry-after" not in problem_answer(Conflict()).headers


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        (ValidationException("internal names", extra=[{"key": "secret"}]), 400),
        (HTTPException(status_code=413), 413),
        (HTTPException(status_code=415), 415),
        (HTTPException(status_code=418), 400),
        (HTTPException(status_code=503), 503),
        (HTTPException("secret", status_code=500), 500),
        (ValueError("secret"), 500),
    ],
)
def test_what_others_raise_is_told_in_our_words(failure: Exception, status: int) -> None:
    assert problem_of(failure).status == status
    assert b"secret" not in problem_answer(failure).body
    assert b"internal names" not in problem_answer(failure).body


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "get"])
@pytest.mark.parametrize("path", ["/api/v1/facets", "/api/v1/categories", "/api/v1/docs"])
async def test_a_wrong_method_is_told_the_right_ones(window: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await window.send(httpx.Request(method, f"http://shop{path}"))
    if method == "get":  # httpx says it in capitals, as the standard does
        assert answer.status_code == 200
        return
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


async def test_options_tells_what_there_is(window: httpx.AsyncClient) -> None:
    answer = await window.options("/api/v1/listings")
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS, POST"


@pytest.mark.parametrize(
    ("case", "path", "headers", "status", "code"),
    [
        ("no such route", "/api/v1/nothing", {}, 404, "not_found"),
        ("no such version", "/api/v2/listings", {}, 404, "not_found"),
        ("a NUL in the path", "/api/v1/%00", {}, 404, "not_found"),
        ("not UTF-8 in the path", "/api/v1/%ff", {}, 404, "not_found"),
        ("up and out", "/api/v1/../../etc/passwd", {}, 404, "not_found"),
        ("an oversize address", f"/api/v1/listings?cursor={'a' * 9000}", {}, 414, "url_too_long"),
        ("an oversize path", f"/api/v1/{'a' * 9000}", {}, 414, "url_too_long"),
        ("oversize headers", "/api/v1/listings", {"x": "a" * 20_000}, 431, "headers_too_large"),
        ("too many headers", "/api/v1/listings", {f"x-{n}": "a" for n in range(80)}, 431, "headers_too_large"),
        ("no host at all", "/api/v1/listings", {"host": "<script>"}, 421, "host_unknown"),
    ],
)
async def test_bad_requests_are_problems(
    window: httpx.AsyncClient, case: str, path: str, headers: dict[str, str], status: int, code: str
) -> None:
    answer = await window.get(path, headers=headers)
    if case == "up and out":  # httpx resolves it before it asks, and so asks for a page
        assert answer.status_code == status
        return
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_page_is_told_as_a_page(window: httpx.AsyncClient) -> None:
    answer = await window.get("/nothing")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")


async def test_an_unforeseen_failure_is_logged_once_and_leaks_nothing(
    window: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, lines: Lines
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("the password is swordfish")

    monkeypatch.setattr(storefront, "searched", fail)
    answer = await window.get("/api/v1/listings")

    assert answer.status_code == 500
    assert answer.json() == {**told(Problem()), "request_id": answer.headers["x-request-id"]}
    (line,) = (line for line in lines if line["log_level"] == "error")
    assert line["event"] == "A failure of a new kind."
    assert isinstance(line["exc_info"], ZeroDivisionError)


async def test_a_refusal_is_no_news(window: httpx.AsyncClient, lines: Lines) -> None:
    for path in ("/api/v1/nothing", "/api/v1/listings?x=1"):
        assert (await window.get(path)).is_client_error
    assert {line["log_level"] for line in lines} <= {"info"}


async def test_a_database_that_is_gone_is_told_with_when_to_try_again(settings: Settings) -> None:
    gone = settings.database.model_copy(update={"url": type(settings.database.url)("postgresql://u@/x?host=/nowhere")})
    async with services(settings.model_copy(update={"database": gone})) as built:
        transport = httpx.ASGITransport(app.create(built))
        async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
            answer = await client.get("/api/v1/listings")
    assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
    assert answer.headers["retry-after"] == "1"


@pytest.mark.parametrize(
    ("case", "path", "headers"),
    [
        ("8 KiB and more", "/api/v1/listings?cursor=" + "a" * 9_000, {}),
        ("more than the server reads", "/api/v1/listings?cursor=" + "a" * 100_000, {}),
        ("headers", "/api/v1/listings", {"x": "a" * 20_000}),
        ("many headers", "/api/v1/listings", {f"x-{n}": "a" for n in range(300)}),
    ],
)
def test_oversize_requests_are_refused_by_the_real_server(
    served_window: str, case: str, path: str, headers: dict[str, str]
) -> None:
    host, _, port = served_window.removeprefix("http://").partition(":")
    lines = [f"GET {path} HTTP/1.1", f"host: {host}", *(f"{name}: {value}" for name, value in headers.items())]
    with socket.create_connection((host, int(port)), timeout=10) as connection:  # httpx itself refuses some of these
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        status = connection.recv(12)
    assert status.startswith(b"HTTP/1.1 4"), status
    assert httpx.get(f"{served_window}/livez").status_code == 200
