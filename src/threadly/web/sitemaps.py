"""/sitemap.xml and /robots.txt: what search engines are told of, and what they are asked to leave alone.

The map is an index of files: the categories, and as many of listings and members as it takes at 50,000 each. A file is
named by what it begins with and read from there, in batches, while it is sent: whoever reads it slowly holds neither
memory nor a connection to the database. Finding where files begin means counting what is for sale, so a process
remembers it for an hour; caches may keep every file as long.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from xml.sax.saxutils import escape

from litestar import HttpMethod, route
from litestar.di import NamedDependency
from litestar.params import FromPath, SkipValidation
from litestar.response import Stream
from litestar.response.base import ASGIResponse

from threadly.core import clock
from threadly.core.database import Database
from threadly.core.errors import NotFound
from threadly.marketplace import storefront
from threadly.marketplace.storefront import MOST_ENTRIES, Entry, Told
from threadly.tiers import Tier
from threadly.web.assets import answer
from threadly.web.pages import AnyRequest
from threadly.web.query import read_query
from threadly.web.site import Site

KEPT: Final = timedelta(hours=1)

_XML: Final = "application/xml; charset=utf-8"
_HEADERS: Final = {"cache-control": f"public, max-age={round(KEPT.total_seconds())}"}
_BATCH: Final = 1000
_OPENING: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SCHEMA: Final = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_ADDRESSES: Final = {Told.LISTINGS: "/listings/", Told.MEMBERS: "/members/"}
_LEFT_ALONE: Final = (
    "/account", "/api/", "/my/", "/search", "/sell", "/sign-in", "/sign-out", "/sign-up", "/suggestions",
)  # fmt: skip


class SitemapNotFound(NotFound):
    """The index names no such file."""

    code = "sitemap_not_found"
    title = "There is no such file."


class Files:
    """Where the files of listings and members begin, an hour old at most."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._found: dict[Told, list[UUID]] = {}
        self._until: datetime | None = None
        self._finding = asyncio.Lock()

    async def begin(self) -> dict[Told, list[UUID]]:
        """The first id of each file."""
        async with self._finding:  # one counts, the others wait for it
            if self._until is None or self._until <= clock.now():
                async with self._db.read() as read:
                    self._found = {told: await storefront.firsts(read, told) for told in Told}
                self._until = clock.now() + KEPT
        return self._found


@route("/sitemap.xml", http_method=[HttpMethod.GET, HttpMethod.HEAD], tier=Tier.FILE)
async def sitemap(
    request: AnyRequest, site: NamedDependency[SkipValidation[Site]], files: NamedDependency[SkipValidation[Files]]
) -> ASGIResponse:
    """The index of the files."""
    read_query(request.scope["query_string"], ())
    names = ["categories"]
    for told, firsts in (await files.begin()).items():
        names += [f"{told}-{first}" for first in firsts]
    listed = "".join(f"<sitemap><loc>{escape(site.url)}/sitemaps/{name}.xml</loc></sitemap>\n" for name in names)
    text = f"{_OPENING}<sitemapindex {_SCHEMA}>\n{listed}</sitemapindex>\n"
    return answer(text.encode(), _XML, dict(_HEADERS), head=request.method == HttpMethod.HEAD)


@route("/sitemaps/{name:str}", http_method=[HttpMethod.GET, HttpMethod.HEAD], media_type=_XML, tier=Tier.FILE)
async def file(request: AnyRequest, name: FromPath[str], site: NamedDependency[SkipValidation[Site]]) -> Stream:
    """One file, sent as it is read."""
    read_query(request.scope["query_string"], ())
    if name == "categories.xml":
        spots = (await site.departments.shelves()).spots
        sent = _categories([f"{site.url}/categories/{path}" for path in spots])
    else:
        sent = _streamed(site, *_named(name))
    if request.method == HttpMethod.HEAD:
        sent = _nothing()
    return Stream(sent, media_type=_XML, headers=_HEADERS)


@route("/robots.txt", http_method=[HttpMethod.GET, HttpMethod.HEAD], tier=Tier.FILE)
async def robots(request: AnyRequest, site: NamedDependency[SkipValidation[Site]]) -> ASGIResponse:
    """What search engines are asked to leave alone: what is somebody's own, and what has no end."""
    left_alone = [f"Disallow: {path}" for path in _LEFT_ALONE] + [f"Disallow: /*{path}" for path in _LEFT_ALONE]
    text = "\n".join(["User-agent: *", *left_alone, "", f"Sitemap: {site.url}/sitemap.xml", ""])
    return answer(text.encode(), "text/plain; charset=utf-8", dict(_HEADERS), head=request.method == HttpMethod.HEAD)


def _named(name: str) -> tuple[Told, UUID]:
    stem, dot, ending = name.partition(".")
    told, _, first = stem.partition("-")
    try:
        found = Told(told), UUID(first)
    except ValueError:
        raise SitemapNotFound from None
    if dot + ending != ".xml" or str(found[1]) != first:  # an id has one spelling
        raise SitemapNotFound
    return found


async def _streamed(site: Site, told: Told, first: UUID) -> AsyncIterator[str]:
    yield f"{_OPENING}<urlset {_SCHEMA}>\n"
    after: UUID | None = None
    for _ in range(MOST_ENTRIES // _BATCH):
        async with site.db.read() as read:
            batch = await storefront.entries(read, told, first=first, after=after, limit=_BATCH)
        yield "".join(_entry(site.url + _ADDRESSES[told], entry) for entry in batch)
        if len(batch) < _BATCH:
            break
        after = batch[-1].id
    yield "</urlset>\n"


async def _categories(addresses: Sequence[str]) -> AsyncIterator[str]:
    listed = "".join(f"<url><loc>{escape(address)}</loc></url>\n" for address in addresses)
    yield f"{_OPENING}<urlset {_SCHEMA}>\n{listed}</urlset>\n"


async def _nothing() -> AsyncIterator[str]:
    yield ""


def _entry(begin: str, entry: Entry) -> str:
    changed = f"<lastmod>{entry.changed_at:%Y-%m-%dT%H:%M:%SZ}</lastmod>" if entry.changed_at else ""
    return f"<url><loc>{escape(begin)}{escape(entry.name)}</loc>{changed}</url>\n"
