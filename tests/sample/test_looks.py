"""The pool of looks is large enough to please, small enough to draw, and fits what hangs where."""

import pytest

from threadly.sample.looks import MOST_LOOKS, pool
from threadly.sample.pictures import GARMENTS, Print, View
from threadly.sample.stock import stock


@pytest.mark.parametrize("listings", [1, 600, 5000, 1_000_000])
def test_every_leaf_has_a_look_that_fits_it(listings: int) -> None:
    outfits = pool(stock().wares, listings, 1)
    assert {outfit.leaf for outfit in outfits} == set(stock().wares)
    for outfit in outfits:
        drawn = GARMENTS[outfit.look.garment]
        assert outfit.look.garment in stock().wares[outfit.leaf].garments
        assert outfit.look.fabric in drawn.fabrics
        assert outfit.look.print is Print.PLAIN or outfit.look.print in drawn.prints
        assert len(set(outfit.views)) == len(outfit.views)
        assert outfit.views[0] in {View.FRONT, View.STYLED}


def test_a_small_shop_is_soon_drawn_and_a_large_one_shares_its_pictures() -> None:
    pictures = {
        listings: sum(len(outfit.views) for outfit in pool(stock().wares, listings, 1)) for listings in (600, 1_000_000)
    }
    assert pictures[600] <= 280
    assert pictures[1_000_000] <= 3 * (MOST_LOOKS + len(stock().wares) / 2)
    assert pool(stock().wares, 10_000, 1) == pool(stock().wares, 1_000_000, 1)


def test_looks_follow_from_the_seed() -> None:
    assert pool(stock().wares, 600, 1) == pool(stock().wares, 600, 1)
    assert pool(stock().wares, 600, 1) != pool(stock().wares, 600, 2)
