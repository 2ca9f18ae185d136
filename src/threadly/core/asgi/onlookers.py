"""Whether a request is a person looking at a page: for counting looks, and for nothing that matters more.

Left out is what says that it is a program, what does not say what it is, and what a browser fetches before anybody
wants to see it. A program that claims to be a browser counts as one.
"""

import re
from dataclasses import dataclass
from typing import Final

from threadly.core.asgi.headers import headers_by_name
from threadly.core.asgi.types import Scope

_PROGRAM: Final = re.compile(
    r"bot|crawl|spider|slurp|preview|fetch|scan|monitor|check|archiv|headless|lighthouse|facebookexternalhit|embed"
    r"|curl|wget|python|httpx|aiohttp|requests|java/|okhttp|go-http|libwww|perl|ruby|scrapy|axios|node|http[_-]?client",
    re.IGNORECASE,
)
_EARLY: Final = re.compile(r"prefetch|prerender|preview", re.IGNORECASE)
_PURPOSES: Final = {b"sec-purpose", b"purpose", b"x-purpose", b"x-moz"}
_LONGEST: Final = 400


@dataclass(frozen=True, slots=True)
class Onlooker:
    """What tells one visitor from another, for a day."""

    address: str
    agent: str


def onlooker(scope: Scope) -> Onlooker | None:
    """Who looks; None where nobody does."""
    if scope["method"] != "GET":
        return None
    sent = headers_by_name(scope)
    if any(_EARLY.search(value.decode("latin-1")) for purpose in _PURPOSES for value in sent.all(purpose)):
        return None
    agent = sent.text(b"user-agent")[:_LONGEST]
    if not agent.strip() or _PROGRAM.search(agent):
        return None
    client = scope.get("client")
    return Onlooker(address=str(client[0]) if client else "", agent=agent)
