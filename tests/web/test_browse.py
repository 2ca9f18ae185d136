"""What is chosen on a page of things, and what there is to choose."""

from threadly.marketplace.storefront import Facets, FacetValue
from threadly.web.asked import Address
from threadly.web.browse import chips, groups


def test_facets_that_could_narrow_nothing_are_left_out() -> None:
    one, two, chosen = (
        FacetValue(code="a", name="A", count=3),
        FacetValue(code="b", name="B", count=1),
        FacetValue(code="c", name="C", count=0, is_selected=True),
    )
    facets = Facets(brands=(one,), sizes=(one, two), colours=(chosen,), estimated=frozenset({"sizes"}))
    found = {group.name: group for group in groups(facets)}

    assert list(found) == ["size", "colour"]
    assert found["size"].is_estimated
    assert found["colour"].is_open


def test_what_is_chosen_is_named_with_the_way_to_do_without_it() -> None:
    facets = Facets(brands=(FacetValue(code="levis", name="Levi's", count=3, is_selected=True),))
    address = Address("/search", (("q", "coat"), ("brand", "levis"), ("size", "letters.M")))

    assert [(chip.label, str(chip.address)) for chip in chips(facets, address)] == [
        ("Levi's", "/search?q=coat&size=letters.M"),
        ("M", "/search?q=coat&brand=levis"),
    ]
