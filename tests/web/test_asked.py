"""What addresses ask for, and the ways on from them."""

import pytest

from threadly.core.errors import Invalid
from threadly.marketplace.catalog import Condition
from threadly.marketplace.storefront import Sort
from threadly.web.asked import Address, Asked


def test_an_address_is_read_whole_and_written_anew() -> None:
    query = (
        b"q=levis+jacket&category=women%2Fclothing&brand=levis&brand=arket&size=letters.M&colour=blue"
        b"&condition=good&min_price=10&max_price=24.50&sort=price_asc"
    )
    asked = Asked.read(query, "EUR")

    assert (asked.text, asked.category, asked.brands, asked.sizes) == (
        "levis jacket",
        "women/clothing",
        ("levis", "arket"),
        ("letters.M",),
    )
    assert (asked.min_price_minor, asked.max_price_minor) == (10_00, 24_50)
    assert asked.conditions == (Condition.GOOD,)
    assert asked.narrows == 6
    again = str(Address("/search", asked.pairs("EUR"))).partition("?")[2]
    assert Asked.read(again.encode(), "EUR") == asked


def test_empty_fields_ask_for_nothing() -> None:
    asked = Asked.read(b"q=++&brand=&min_price=&max_price=+&sort=&category=", "EUR")

    assert asked == Asked()
    assert asked.pairs("EUR") == ()


@pytest.mark.parametrize(("text", "usual"), [("", Sort.NEWEST), ("coat", Sort.RELEVANCE)])
def test_the_usual_order_is_not_said(text: str, usual: Sort) -> None:
    asked = Asked(text=text, sort=usual)

    assert asked.usual_sort is usual
    assert "sort" not in dict(asked.pairs("EUR"))
    assert asked.wanted(None).sort is usual


def test_prices_that_were_mixed_up_mean_the_band_between_them() -> None:
    asked = Asked.read(b"min_price=30&max_price=20,5", "EUR")

    assert (asked.min_price_minor, asked.max_price_minor) == (20_50, 30_00)


@pytest.mark.parametrize(
    "query",
    [
        b"colour=red&shape=round",
        b"q=a&q=b",
        b"sort=best",
        b"condition=pristine",
        b"min_price=cheap",
        b"min_price=1.234",
        b"q=%ff",
        b"q=%00",
        b"&".join(b"brand=b%d" % number for number in range(21)),
        b"q=" + b"x" * 5000,
    ],
)
def test_what_cannot_be_read_is_refused(query: bytes) -> None:
    with pytest.raises(Invalid):
        Asked.read(query, "EUR")


def test_every_way_out_of_a_choice_is_an_address() -> None:
    address = Address("/search", (("q", "coat"), ("brand", "a"), ("brand", "b"), ("sort", "newest")))

    assert str(address.less("brand", "a")) == "/search?q=coat&brand=b&sort=newest"
    assert str(address.without("brand")) == "/search?q=coat&sort=newest"
    assert str(address.having("sort", "price_asc")) == "/search?q=coat&brand=a&brand=b&sort=price_asc"
    assert str(address.having("sort", None)) == "/search?q=coat&brand=a&brand=b"
    assert str(address.only("q")) == "/search?q=coat"
    assert str(Address("/search")) == "/search"
