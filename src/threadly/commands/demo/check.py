"""Visits a running shop as clients and a member do, and says what it saw."""

import asyncio
import json
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode

from threadly.commands.demo.client import Answer, Client, Page
from threadly.commands.demo.jobs import a_job_is_done
from threadly.commands.demo.sale import sell
from threadly.commands.demo.shop import Shop
from threadly.commands.demo.visits import HTML, JSON, Seen, Visits
from threadly.core.observability.health import LIVEZ, READYZ

_PROBLEM: Final = "application/problem+json"
_HEALTH: Final = "application/health+json"
_API: Final = "/api/v1"
_SORTS: Final = ("newest", "price_asc", "price_desc", "most_loved")


def _unseen(_seen: Seen) -> None:
    """Nobody looks on."""


async def check(shop: Shop, *, on_seen: Callable[[Seen], None] = _unseen) -> list[Seen]:
    """Home, every department, next pages, a listing with its pictures, assets, the API, health, mistakes, a job.

    And a sale: signs up, puts something on sale with a photo, finds it, and takes it away again.
    """
    visits = Visits(Client(shop.url), on_seen)
    try:
        await asyncio.to_thread(_tour, visits)
    finally:
        visits.client.close()
    job = await _job(shop)
    on_seen(job)
    return [*visits.seen, job]


def _tour(visits: Visits) -> None:
    _pages(visits)
    _api(visits)
    sell(visits)
    visits.get("alive", LIVEZ, content_type=_HEALTH)
    visits.get("ready", READYZ, content_type=_HEALTH)
    visits.get("no such page", "/no-such-page", content_type=HTML, status=404)
    visits.get("no such address", f"{_API}/no-such-thing", content_type=_PROBLEM, status=404)
    visits.get("a bad parameter", f"{_API}/listings?limit=many", content_type=_PROBLEM, status=400)
    visits.get("an unknown parameter", f"{_API}/listings?colour_of_sky=blue", content_type=_PROBLEM, status=400)


def _pages(visits: Visits) -> None:
    home = visits.get("home", "/", content_type=HTML, holds="</html>")
    if home is None:
        return
    page = Page.of(home)
    for asset in dict.fromkeys(page.assets):
        kind = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}.get(asset.rpartition(".")[2])
        visits.get("asset", asset, content_type=kind or "image/x-icon")
    departments = dict.fromkeys(link for link in page.links if link.startswith("/categories/") and link.count("/") == 2)
    if not departments:
        visits.expect("departments", "/", "home links to no department")
    last: Page | None = None
    for department in departments:
        if (shown := visits.get("department", department, content_type=HTML, holds="</html>")) is not None:
            last = last if last and last.next else Page.of(shown)
    if last is not None and last.next:
        visits.get("next page", last.next, content_type=HTML, holds="</html>")
    else:
        visits.expect("next page", "/categories/…", 'no department has a link with rel="next"')
    listing = next((link for link in page.links if link.startswith("/listings/")), None)
    if listing is None:
        visits.expect("listing", "/", "home links to no listing")
    elif (shown := visits.get("listing", listing, content_type=HTML, holds="</html>")) is not None:
        visits.pictures(Page.of(shown), listing)


def _api(visits: Visits) -> None:
    for sort in _SORTS:
        query = {"sort": sort, "limit": 24}
        found = _document(visits.get(f"API: {sort}", f"{_API}/listings?{urlencode(query)}", content_type=JSON))
        if cursor := found.get("next"):
            after = urlencode({**query, "cursor": cursor})
            visits.get(f"API: {sort}, next", f"{_API}/listings?{after}", content_type=JSON)
        elif found:
            visits.expect(f"API: {sort}, next", f"{_API}/listings", "the first page names no next one")
        if sort == "newest" and (items := found.get("items")):
            visits.get("API: a listing", f"{_API}/listings/{items[0]['id']}", content_type=JSON)
    visits.get("API: categories", f"{_API}/categories", content_type=JSON)
    visits.get("API: OpenAPI", f"{_API}/openapi.json", content_type=JSON, holds='"3.1')
    visits.get("API: its pages", f"{_API}/docs", content_type=HTML)


def _document(answer: Answer | None) -> dict[str, Any]:
    found = json.loads(answer.body) if answer else {}
    return found if isinstance(found, dict) else {}


async def _job(shop: Shop) -> Seen:
    clock = asyncio.get_running_loop().time
    began = clock()
    wrong = await a_job_is_done(shop.settings)
    return Seen("a job", "outbox → worker", "done" if wrong is None else "—", 0, clock() - began, wrong)
