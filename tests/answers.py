"""What is the same in two answers, though no two requests have one id."""

from collections.abc import Mapping

import httpx


def headers_alike(answer: httpx.Response) -> Mapping[str, str]:
    """Its headers, but for the request's id, and for how much is left of a limit, of which each request takes some."""
    return {name: value for name, value in answer.headers.items() if name not in {"x-request-id", "ratelimit"}}


def content_alike(answer: httpx.Response) -> str:
    """Its body, but for the request's id."""
    return answer.text.replace(answer.headers["x-request-id"], "…")
