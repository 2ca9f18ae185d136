"""What is the same in two answers, though no two requests have one id."""

from collections.abc import Mapping

import httpx


def headers_alike(answer: httpx.Response) -> Mapping[str, str]:
    """Its headers, but for the request's id."""
    return {name: value for name, value in answer.headers.items() if name != "x-request-id"}


def content_alike(answer: httpx.Response) -> str:
    """Its body, but for the request's id."""
    return answer.text.replace(answer.headers["x-request-id"], "…")
