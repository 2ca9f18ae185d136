"""/.well-known/security.txt (RFC 9116): whom to tell of a weakness, for who looks where everybody looks."""

from datetime import timedelta
from typing import Final

from litestar import HttpMethod, route
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from litestar.response.base import ASGIResponse

from threadly.core import clock
from threadly.settings import SiteSettings
from threadly.tiers import Tier
from threadly.web.assets import answer
from threadly.web.pages import AnyRequest
from threadly.web.query import read_query
from threadly.web.site import Site

PATH: Final = "/.well-known/security.txt"
EXPIRES: Final = timedelta(days=90)
"""Whoever has kept the text asks again after that; the RFC wants less than a year."""
_HEADERS: Final = {"cache-control": "public, max-age=3600"}


@route(PATH, http_method=[HttpMethod.GET, HttpMethod.HEAD], tier=Tier.FILE)
async def security_txt(request: AnyRequest, site: NamedDependency[SkipValidation[Site]]) -> ASGIResponse:
    """The contact that the operator has set; where none is, there is no such address."""
    read_query(request.scope["query_string"], ())
    text = "\n".join([*_lines(site.services.settings.site), ""])
    return answer(text.encode(), "text/plain; charset=utf-8", dict(_HEADERS), head=request.method == HttpMethod.HEAD)


def _lines(site: SiteSettings) -> list[str]:
    expires = f"{clock.now() + EXPIRES:%Y-%m-%d}T00:00:00Z"  # the same all day, so that it can be kept
    lines = [f"Contact: {site.security_contact}", f"Expires: {expires}"]
    lines.append(f"Preferred-Languages: {', '.join(site.languages)}")
    if site.url.startswith("https://"):  # of others, the RFC knows no canonical address
        lines.append(f"Canonical: {site.url}{PATH}")
    return lines
