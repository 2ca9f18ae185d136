"""The documentation to be read: whole, without scripts, and at home under a strict policy."""

import re
from html.parser import HTMLParser

import httpx
import pytest

from threadly.api import ENDPOINTS, PREFIX
from threadly.api.docs import render
from threadly.api.openapi import document
from threadly.core.errors import every_problem

DESCRIBED = document(ENDPOINTS, prefix=PREFIX, title="Threadly <&> friends")


class Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.names: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attributes:
            self.names.add(name)
            if name == "id":
                self.ids.append(value or "")
            if name in {"href", "src"}:
                self.links.append(value or "")


@pytest.fixture(scope="module")
def page() -> Page:
    """The page of the API as it is."""
    return Page(render(DESCRIBED, style_version="1"))


def test_each_endpoint_shape_and_problem_has_its_place(page: Page) -> None:
    expected = {operation["operationId"] for item in DESCRIBED["paths"].values() for operation in item.values()}
    expected |= {f"shape-{name}" for name in DESCRIBED["components"]["schemas"]}
    expected |= {kind.code for kind in every_problem()}
    assert expected <= set(page.ids)
    assert len(set(page.ids)) == len(page.ids)


TRIED = {f"/api/v1/{name}" for name in ("listings", "facets", "suggestions", "categories", "choices")}


def test_each_link_leads_somewhere(page: Page) -> None:
    within = {link.removeprefix("#") for link in page.links if link.startswith("#")}
    assert within <= set(page.ids)
    beyond = {link for link in page.links if not link.startswith("#")}
    assert beyond == {"/api/v1/docs.css?1", "/api/v1/openapi.json", *TRIED}


def test_what_is_grouped_is_in_the_contents() -> None:
    grouped = {tag for item in DESCRIBED["paths"].values() for operation in item.values() for tag in operation["tags"]}
    assert grouped == {tag["name"] for tag in DESCRIBED["tags"]}


def test_nothing_in_it_needs_a_lenient_policy(page: Page) -> None:
    assert not page.tags & {"script", "style", "iframe", "img"}
    assert not [name for name in page.names if name == "style" or name.startswith("on")]


def test_what_is_said_is_escaped() -> None:
    text = render(DESCRIBED, style_version="1")
    assert "<h1>Threadly &lt;&amp;&gt; friends API</h1>" in text


async def test_it_is_served_with_its_style(window: httpx.AsyncClient) -> None:
    answer = await window.get("/api/v1/docs")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    (style,) = re.findall(r'href="(/api/v1/docs\.css\?\w+)"', answer.text)
    sheet = await window.get(style)
    assert sheet.headers["content-type"] == "text/css; charset=utf-8"
    assert "url(" not in sheet.text
    assert "@import" not in sheet.text
