"""What is wanted tells lists apart."""

from hypothesis import given
from hypothesis import strategies as st

from threadly.marketplace.catalog import Condition
from threadly.marketplace.storefront import Sort, Wanted

WORDS = st.lists(st.text(max_size=5), max_size=3).map(tuple)


@given(low=st.integers(0, 10**8), high=st.integers(0, 10**8), sort=st.sampled_from(Sort))
def test_lists_that_differ_have_fingerprints_that_differ(low: int, high: int, sort: Sort) -> None:
    wanted = Wanted(min_price_minor=low, max_price_minor=high, sort=sort)
    others = [
        Wanted(min_price_minor=low + 1, max_price_minor=high, sort=sort),
        Wanted(min_price_minor=low, max_price_minor=high + 1, sort=sort),
        Wanted(min_price_minor=low, max_price_minor=None, sort=sort),
        Wanted(min_price_minor=None, max_price_minor=high, sort=sort),
    ]
    assert wanted.fingerprint not in {other.fingerprint for other in others}


@given(text=st.text(max_size=20), brands=WORDS, colours=WORDS)
def test_what_is_chosen_in_one_facet_is_not_taken_for_another(
    text: str, brands: tuple[str, ...], colours: tuple[str, ...]
) -> None:
    wanted = Wanted(text=text, brands=brands, colours=colours)

    assert (wanted.fingerprint == Wanted(text=text, brands=colours, colours=brands).fingerprint) == (
        sorted(brands) == sorted(colours)
    )
    assert (
        wanted.fingerprint
        != Wanted(text=text, brands=brands, colours=colours, conditions=(Condition.GOOD,)).fingerprint
    )


def test_the_order_in_which_values_were_chosen_tells_nothing() -> None:
    assert Wanted(brands=("a", "b")).fingerprint == Wanted(brands=("b", "a")).fingerprint
