"""What the form sends, read strictly; and what it means."""

from uuid import uuid4

import pytest

from threadly.core.errors import Refusal
from threadly.languages import Languages
from threadly.marketplace.catalog import Condition
from threadly.marketplace.media import PicturesBusy, PicturesOutOfSpace, PicturesUnstorable
from threadly.web import sell_form
from threadly.web.forms import FormMalformed
from threadly.web.sell_form import Act, Sent, Written

(ENGLISH,) = Languages(("en",), "GB")
(GERMAN,) = Languages(("de",), "DE")
ID = uuid4()


def test_what_was_written_becomes_changes_and_what_is_empty_clears() -> None:
    written, alts = sell_form.read(
        [("title", " Coat "), ("price", "1.5"), ("condition", "good"), ("brand", ""), (f"alt-{ID}", " The\n back ")]
    )
    changes = written.changes(ENGLISH, "EUR")

    assert (changes.title, changes.price_minor, changes.condition, changes.brand) == ("Coat", 150, Condition.GOOD, None)
    assert alts == {ID: "The back"}


@pytest.mark.parametrize("pairs", [[("alt-x", "")], [(f"alt-{ID}", ""), (f"alt-{ID}", "")], [("price_minor", "1")]])
def test_what_the_page_does_not_send_is_refused(pairs: list[tuple[str, str]]) -> None:
    with pytest.raises(FormMalformed):
        sell_form.read(pairs)


def test_a_button_is_one_of_those_that_the_page_has() -> None:
    assert Written(do="publish").act == Act("publish")
    assert Written(do=f"remove:{ID}").act == Act("remove", ID)
    for do in ("", "sell", "remove:", "remove:x", f"eat:{ID}"):
        with pytest.raises(FormMalformed):
            _ = Written(do=do).act


def test_a_price_that_cannot_be_read_is_told_as_that() -> None:
    written = Written(price="a lot")
    refused = {"price_minor": Refusal("price_too_low", "…"), "title": Refusal("title_too_short", "…")}

    told = written.told(refused, ENGLISH, "EUR")

    assert [(name, refusal.code) for name, refusal in told.items()] == [
        ("title", "title_too_short"),
        ("price", "price_malformed"),
    ]
    assert Written(price="0").told(refused, ENGLISH, "EUR")["price"].code == "price_too_low"


def test_what_came_of_it_has_one_status() -> None:
    sent = Sent(Written(), {})
    assert (sent.status, sent.headers) == (200, {})
    sent.refusals["title"] = Refusal("title_too_short", "…")
    assert sent.status == 422
    for outage, status in ((PicturesBusy(), 503), (PicturesUnstorable(), 503), (PicturesOutOfSpace(), 507)):
        sent.outage = outage
        assert (sent.status, sent.headers) == (status, {"retry-after": "5"})
    sent.is_stale = True
    assert sent.status == 409


def test_the_order_of_photos_is_a_list_of_ids() -> None:
    assert sell_form.order_of([("order", str(ID)), ("do", "photos")]) == [ID]
    with pytest.raises(FormMalformed):
        sell_form.order_of([("order", "first")])


def test_decimals_are_written_as_the_language_does() -> None:
    assert GERMAN.decimal == ","
    assert ENGLISH.decimal == "."
