"""A sale, as somebody without JavaScript would make it: signs up, writes, photographs, publishes, finds it."""

import json
import secrets
from typing import Any, Final

import pyvips

from threadly.commands.demo.client import Form, Page
from threadly.commands.demo.visits import HTML, JSON, Visits

_CATEGORIES: Final = "/api/v1/categories"
_PHOTO_WIDTH: Final = 1500
_PHOTO_HEIGHT: Final = 1875


def sell(visits: Visits) -> None:
    """Signs up, puts a thing on sale, finds it by words and on top of its category, and takes it away again."""
    word = f"q{secrets.token_hex(5)}"  # nothing else in the shop is called so
    member = {"username": word, "email": f"{word}@example.com", "password": secrets.token_urlsafe(16)}
    if visits.post("sign up", "/sign-up", Form(member)) is None:
        return
    category = _leaf(visits)
    draft = visits.post("a new draft", "/sell", Form({}))
    if draft is None or category is None:
        return
    form = visits.get("the form to sell", draft, content_type=HTML, holds="</html>")
    if form is None:
        return
    written = {
        "version": Page.of(form).values.get("version", ""),
        "do": "publish",
        "title": f"Corduroy jacket {word}",
        "description": "Worn for one winter. A check of the shop put it here, and takes it away again.",
        "category": category,
        "condition": "good",
        "price": "25",
    }
    online = visits.post("publish, with a photo", draft, Form(written, ("photos", "image/jpeg", _photo())))
    if online is None:
        return
    listing = online.partition("?")[0]
    try:
        _find(visits, listing, category, word)
    finally:
        visits.post("take it away", f"{draft}/remove", Form({}))
    visits.get("gone", listing, content_type=HTML, status=404)


def _find(visits: Visits, listing: str, category: str, word: str) -> None:
    if (shown := visits.get("it is online", listing, content_type=HTML, holds=word)) is not None:
        visits.pictures(Page.of(shown), listing)
    shelf = f"/categories/{category}"
    if (shown := visits.get("its category", shelf, content_type=HTML)) is not None:
        first = next((link for link in Page.of(shown).links if link.startswith("/listings/")), None)
        if first != listing:
            visits.expect("on top", shelf, "the newest listing is not the first of its category")
    visits.get("found by its words", f"/search?q=corduroy+{word}", content_type=HTML, holds=listing)


def _leaf(visits: Visits) -> str | None:
    """The path of some category that listings may hang on."""
    answer = visits.get("categories to sell in", _CATEGORIES, content_type=JSON)
    if answer is None:
        return None
    node: dict[str, Any] = {"children": json.loads(answer.body)["items"]}
    while node["children"]:
        node = node["children"][0]
    return str(node["path"])


def _photo() -> bytes:
    """A picture like no other, as a phone sends it."""
    cloth = pyvips.Image.perlin(_PHOTO_WIDTH, _PHOTO_HEIGHT, cell_size=256, uchar=True, seed=secrets.randbelow(2**31))
    coloured = cloth.bandjoin([cloth.linear(0.6, 40), cloth.linear(0.3, 70)]).cast("uchar")
    photo: bytes = coloured.copy(interpretation="srgb").jpegsave_buffer(Q=85)
    return photo
