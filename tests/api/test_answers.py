"""Answers that caches may share, and those that they may not."""

import httpx
import pytest

from tests.answers import headers_alike

LISTINGS = "/api/v1/listings"


async def test_without_a_session_an_answer_is_shared_and_tagged(window: httpx.AsyncClient) -> None:
    answer = await window.get(LISTINGS)
    assert answer.headers["cache-control"] == "public, max-age=10"
    assert answer.headers["vary"] == "cookie"

    known = [("if-none-match", '"another"'), ("if-none-match", answer.headers["etag"])]
    again = await window.get(LISTINGS, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == answer.headers["etag"]
    assert again.headers["cache-control"] == "public, max-age=10"


@pytest.mark.parametrize("cookie", ["threadly_session=x", "a=b; __Host-threadly_session=y"])
async def test_with_a_session_an_answer_is_private_and_always_whole(window: httpx.AsyncClient, cookie: str) -> None:
    answer = await window.get(LISTINGS, headers={"cookie": cookie, "if-none-match": "*"})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, no-store"
    assert "etag" not in answer.headers


async def test_another_cookie_changes_nothing(window: httpx.AsyncClient) -> None:
    answer = await window.get(LISTINGS, headers={"cookie": "theme=dark"})
    assert answer.headers["cache-control"] == "public, max-age=10"


@pytest.mark.parametrize("path", [LISTINGS, "/api/v1/categories", "/api/v1/openapi.json", "/api/v1/docs", "/livez"])
async def test_head_says_what_get_would(window: httpx.AsyncClient, path: str) -> None:
    whole, head = await window.get(path), await window.head(path)
    assert head.status_code == whole.status_code == 200
    assert head.content == b""
    assert headers_alike(head) == headers_alike(whole)


async def test_a_problem_has_no_body_for_head_either(window: httpx.AsyncClient) -> None:
    answer = await window.head("/api/v1/nothing")
    assert (answer.status_code, answer.content) == (404, b"")
    assert answer.headers["cache-control"] == "no-store"
