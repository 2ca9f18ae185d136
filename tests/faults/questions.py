"""What a shop is asked while something is wrong, and what may be answered: what is right, or a typed refusal."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx

NAME, PASSWORD = "mila", "seven wool coats"
DRESS = "Linen summer dress"

REFUSAL = "We cannot "
"""How the sentences for people begin that tell of a database which is gone, or slow."""
CODES = {"database_unavailable", "database_too_slow"}


@dataclass(frozen=True, slots=True)
class Question:
    """One request, and how its answer is known to be right."""

    name: str
    method: str
    path: str
    is_right: Callable[[httpx.Response], bool]
    headers: Mapping[str, str] | None = None
    form: Mapping[str, str] | None = None
    for_programs: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was answered, and when."""

    question: str
    status: int
    seconds: float
    verdict: str
    """`right`, `refused`, or what is wrong."""


def of_a_shop(listing: str, token: str, listed: Any) -> list[Question]:  # noqa: ANN401 - JSON
    """A page, a member's page, a list, a member's list, a write, a sign-in.

    Args:
        listing: Whose title is `DRESS`; the member's heart is its only one.
        listed: How the list is right.
    """
    session, bearer = {"cookie": f"threadly_session={token}"}, {"authorization": f"Bearer {token}"}
    hearts = {"listing_id": listing, "favourites": 1, "is_mine": True}
    return [
        Question("page", "GET", "/", lambda answer: DRESS in answer.text, for_programs=False),
        Question("own page", "GET", "/", lambda answer: DRESS in answer.text, session, for_programs=False),
        Question("list", "GET", "/api/v1/listings", lambda answer: bool(answer.json() == listed)),
        Question("own list", "GET", "/api/v1/me/favourites", lambda answer: "items" in answer.json(), bearer),
        Question("heart", "PUT", f"/api/v1/listings/{listing}/favourite", lambda it: bool(it.json() == hearts), bearer),
        Question(
            "sign-in",
            "POST",
            "/sign-in",
            lambda answer: answer.status_code == 303 and "threadly_session=" in answer.headers.get("set-cookie", ""),
            form={"name": NAME, "password": PASSWORD},
            for_programs=False,
        ),
    ]


def probes(private: str) -> list[Question]:
    """How a server does, by those who restart it, send it requests, or look after it."""
    return [
        Question("/livez", "GET", "/livez", lambda answer: bool(answer.json()["status"] == "pass")),
        Question("/readyz", "GET", "/readyz", lambda answer: answer.status_code == 200),
        Question("/health", "GET", f"{private}/health", lambda answer: "checks" in answer.json()),
    ]


def asking_at(url: str) -> httpx.AsyncClient:
    """Somebody who forgets every cookie, and sends what our pages ask for."""
    nowhere = CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
    return httpx.AsyncClient(base_url=url, cookies=nowhere, headers={"sec-fetch-site": "same-origin"})


async def ask(client: httpx.AsyncClient, question: Question, *, patience: float) -> Outcome:
    """One answer."""
    began = time.monotonic()
    try:
        answer = await client.request(
            question.method, question.path, headers=question.headers, data=question.form, timeout=patience
        )
    except httpx.HTTPError as failure:
        return Outcome(question.name, 0, time.monotonic() - began, repr(failure))
    seconds = time.monotonic() - began
    return Outcome(question.name, answer.status_code, seconds, _verdict(question, answer))


async def ask_all(
    client: httpx.AsyncClient, questions: Sequence[Question], *, patience: float, times: int = 1
) -> list[Outcome]:
    """Each of them so often, all at once."""
    return await asyncio.gather(
        *(ask(client, question, patience=patience) for _ in range(times) for question in questions)
    )


def _verdict(question: Question, answer: httpx.Response) -> str:
    if answer.status_code != 503:
        return "right" if question.is_right(answer) else f"{answer.status_code}: {answer.text[:200]}"
    if answer.headers.get("retry-after") is None or answer.headers.get("cache-control") != "no-store":
        return f"503 with {dict(answer.headers)}"
    if not question.for_programs:
        is_page = answer.headers["content-type"].startswith("text/html") and REFUSAL in answer.text
        return "refused" if is_page else answer.text[:200]
    is_problem = answer.headers["content-type"] == "application/problem+json" and answer.json()["code"] in CODES
    return "refused" if is_problem else answer.text[:200]
