"""The sample hangs where another catalogue has a place for it."""

import pytest

from threadly.core.errors import Invalid
from threadly.marketplace.catalog import Reference, read_reference
from threadly.sample import NothingToHang
from threadly.sample.shelves import Shelves
from threadly.sample.stock import stock

CLUB = """
[[departments]]
name = "Kinder"
groups = [{ name = "Kleider", leaves = ["Hosen", "Pullover"] }]
[[departments]]
name = "Kids"
groups = [{ name = "Shoes", leaves = ["Sandals"] }]
"""


@pytest.fixture
def club() -> Reference:
    return read_reference(own={"categories.toml": CLUB})


def test_without_another_catalogue_all_hangs_where_it_did() -> None:
    assert Shelves.of(stock(), None, {}) == Shelves(stock(), None, {})


def test_a_leaf_hangs_where_it_is_said_or_at_its_own_path(club: Reference) -> None:
    shelves = Shelves.of(stock(), club, {"kinder/kleider/hosen": "kids/boys/trousers-and-jeans"})

    assert set(shelves.stock.wares) == {"kids/boys/trousers-and-jeans", "kids/shoes/sandals"}
    assert shelves.places == {"kids/boys/trousers-and-jeans": "kinder/kleider/hosen"}


@pytest.mark.parametrize(
    ("hanging", "told"),
    [
        ({"kinder/kleider/rock": "kids/girls/dresses"}, "kinder/kleider/rock"),
        ({"kinder/kleider/hosen": "kids/trousers"}, "kids/trousers"),
        (dict.fromkeys(["kinder/kleider/hosen", "kinder/kleider/pullover"], "kids/girls/knitwear"), "two places"),
    ],
)
def test_what_cannot_hang_there_is_told(club: Reference, hanging: dict[str, str], told: str) -> None:
    with pytest.raises(Invalid, match=told):
        Shelves.of(stock(), club, hanging)


def test_a_catalogue_for_which_there_is_nothing_is_told() -> None:
    boats = read_reference(own={"categories.toml": CLUB.replace("Kids", "Boats")})
    with pytest.raises(NothingToHang, match="no sample"):
        Shelves.of(stock(), boats, {})
