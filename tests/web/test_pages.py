"""What every page is: shared without a session, private with one, and free of anything inline."""

from html.parser import HTMLParser

import httpx
import pytest
from jinja2 import UndefinedError

from tests.making import a_listing
from threadly.core.database import Database
from threadly.settings import SiteSettings
from threadly.web.assets import Assets
from threadly.web.pages import Pages

PAGES = ("/", "/categories/women", "/categories/women/clothing/dresses?sort=price_asc", "/nowhere")


class Inline(HTMLParser):
    """Collects what a strict content security policy forbids."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        self.found += [f"{tag} {name}" for name in names if name == "style" or name.startswith(("on", "hx-on"))]
        self.found += [f"{tag} {value}" for value in names.values() if value and value.startswith("javascript:")]
        if tag == "style" or (tag == "script" and "src" not in names):
            self.found.append(tag)


@pytest.mark.parametrize("path", PAGES)
async def test_nothing_is_inline(visitor: httpx.AsyncClient, db: Database, path: str) -> None:
    await a_listing(db)
    answer = await visitor.get(path)
    page = Inline()
    page.feed(answer.text)

    assert page.found == []


async def test_without_a_session_a_page_is_shared(visitor: httpx.AsyncClient, db: Database) -> None:
    await a_listing(db)
    answer = await visitor.get("/")

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=30, s-maxage=60, stale-while-revalidate=300"
    assert answer.headers["vary"] == "cookie"
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("cookie", ["threadly_session", "__Host-threadly_session"])
async def test_with_a_session_no_cache_keeps_a_page(visitor: httpx.AsyncClient, db: Database, cookie: str) -> None:
    await a_listing(db)
    shared = await visitor.get("/")
    answer = await visitor.get(
        "/", headers={"cookie": f"a=b; {cookie}=whoever", "if-none-match": shared.headers["etag"]}
    )

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, no-store"
    assert "etag" not in answer.headers


async def test_other_cookies_make_no_difference(visitor: httpx.AsyncClient, db: Database) -> None:
    await a_listing(db)
    plain = await visitor.get("/")
    answer = await visitor.get("/", headers={"cookie": "theme=dark; not_threadly_session=1"})

    assert (answer.headers, answer.content) == (plain.headers, plain.content)


async def test_who_has_a_page_is_not_sent_it_again(visitor: httpx.AsyncClient, db: Database) -> None:
    await a_listing(db)
    first = await visitor.get("/")
    known = {"if-none-match": f'"other", {first.headers["etag"]}'}
    again = await visitor.get("/", headers=known)
    await a_listing(db, title="Another one")
    changed = await visitor.get("/", headers=known)

    assert (again.status_code, again.content) == (304, b"")
    assert {name: again.headers[name] for name in ("etag", "vary", "cache-control")} == {
        name: first.headers[name] for name in ("etag", "vary", "cache-control")
    }
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]


async def test_htmx_is_sent_the_same_bytes_as_everybody(visitor: httpx.AsyncClient, db: Database) -> None:
    await a_listing(db)
    plain = await visitor.get("/categories/women")
    htmx = await visitor.get(
        "/categories/women", headers={"hx-request": "true", "hx-request-type": "full", "hx-target": "div#more"}
    )

    assert (htmx.headers, htmx.content) == (plain.headers, plain.content)


async def test_a_head_tells_what_a_get_would(visitor: httpx.AsyncClient, db: Database) -> None:
    await a_listing(db)
    for path in PAGES:
        get, head = await visitor.get(path), await visitor.head(path)

        assert (head.status_code, head.headers, head.content) == (get.status_code, get.headers, b"")


async def test_what_sellers_write_stays_text(visitor: httpx.AsyncClient, db: Database) -> None:
    evil = "</a><script>alert(1)</script> \" onload='x' {{ 7*7 }}"
    listing = await a_listing(db, title=evil, description=evil)
    for path in ("/", f"/listings/{listing.id}"):
        answer = await visitor.get(path)
        page = Inline()
        page.feed(answer.text)

        assert page.found == []
        assert "&lt;/a&gt;&lt;script&gt;" in answer.text
        assert "{{ 7*7 }}" in answer.text


def test_a_template_that_lacks_a_value_fails() -> None:
    pages = Pages(SiteSettings(), Assets())
    with pytest.raises(UndefinedError):
        pages.render("storefront/home.html", menu="")
