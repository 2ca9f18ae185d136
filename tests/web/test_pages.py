"""What every page is: shared without a session, private with one, and free of anything inline."""

from html.parser import HTMLParser

import httpx
import msgspec
import pytest
from jinja2 import UndefinedError

from tests.answers import headers_alike
from tests.making import a_listing
from threadly.core.database import Database
from threadly.core.errors import Refusal
from threadly.languages import Languages
from threadly.settings import SiteSettings
from threadly.web.assets import Assets
from threadly.web.look import Look
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
        is_data = names.get("type") == "application/ld+json"  # runs nothing, so every policy lets it stand
        if tag == "style" or (tag == "script" and "src" not in names and not is_data):
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

    assert (headers_alike(answer), answer.content) == (headers_alike(plain), plain.content)


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

    assert (headers_alike(htmx), htmx.content) == (headers_alike(plain), plain.content)


async def test_a_head_tells_what_a_get_would(visitor: httpx.AsyncClient, db: Database) -> None:
    await a_listing(db)
    for path in PAGES:
        get, head = await visitor.get(path), await visitor.head(path)

        assert (head.status_code, headers_alike(head), head.content) == (get.status_code, headers_alike(get), b"")


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
    pages = Pages(Look(SiteSettings()), Assets(), Languages(["en"], "IE"))
    with pytest.raises(UndefinedError):
        pages.render(pages.languages.first, "storefront/home.html", menu="")


class Written(msgspec.Struct):
    """What somebody wrote into a form."""

    title: str = 'A "coat" & more'
    about: str = "</textarea><b>"
    wear: str = "worn"
    is_gift: bool = True
    size: str | None = None


FIELDS = """
{% from "shared/fields.html" import text, textarea, select, password, checkbox, mistakes %}
{{ mistakes(refusals) }}
{{ text("title", "Title", values, refusals, hint="Short.", maxlength=100, required=true, disabled=false) }}
{{ text("size", "Size", values, refusals) }}
{{ textarea("about", "About", values, refusals) }}
{{ select("wear", "Wear", values, refusals, [("new", "New"), ("Old", [("worn", "Worn")])], empty="Choose") }}
{{ password("password", "Password", refusals, autocomplete="new-password") }}
{{ checkbox("is_gift", "A gift", values, refusals) }}
"""


def _fields(refusals: dict[str, Refusal]) -> str:
    pages = Pages(Look(SiteSettings()), Assets(), Languages(["en"], "IE"))
    return pages.environment(pages.languages.first).from_string(FIELDS).render(values=Written(), refusals=refusals)


def test_a_field_has_its_label_and_keeps_what_was_written() -> None:
    shown = _fields({})
    assert '<label for="title">Title</label>' in shown
    assert 'name="title" type="text" value="A &#34;coat&#34; &amp; more"' in shown
    assert 'aria-describedby="title-hint" maxlength="100" required>' in shown
    assert 'id="size" name="size" type="text" value="">' in shown
    assert "&lt;/textarea&gt;&lt;b&gt;</textarea>" in shown
    assert '<option value="worn" selected>Worn</option>' in shown
    assert '<optgroup label="Old">' in shown
    assert '<option value="">Choose</option>' in shown
    assert 'autocomplete="new-password">' in shown
    assert 'type="checkbox" checked>' in shown
    for sign in ("aria-invalid", "-error", "data-mistakes"):
        assert sign not in shown


def test_a_mistake_stands_beside_its_field_and_above_the_form() -> None:
    refusals = {
        "title": Refusal("title_too_short", "Please write {least} or more of {what}.", {"least": 3, "what": "<i>"}),
        "password": Refusal("password_wrong", "Not this one."),
    }
    shown = _fields(refusals)
    assert 'aria-describedby="title-error title-hint" aria-invalid="true" maxlength' in shown
    assert 'id="title-error"' in shown
    assert '<a class="link" href="#title">Please write 3 or more of &lt;i&gt;.</a>' in shown
    assert shown.count("Please write 3 or more of &lt;i&gt;.") == 2
    assert 'id="password-error"' in shown
    assert shown.count('aria-invalid="true"') == 2
