"""A leaf's tables hold what fits it."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest

from threadly.marketplace import catalog
from threadly.sample import encoding
from threadly.sample.counters import Counter, Leaf, counter
from threadly.sample.looks import pool
from threadly.sample.stock import stock

BRANDS = {brand.name: uuid4() for brand in catalog.shipped().brands}


def _counter(path: str, system: str | None = None, sizes: Sequence[tuple[str, UUID]] = ()) -> Counter:
    leaf = Leaf(path=path, place=(uuid4(), uuid4(), uuid4()), system=system, sizes=sizes)
    outfits = [outfit for outfit in pool(stock().wares, 5000, 1) if outfit.leaf == path]
    return counter(leaf, stock(), BRANDS, outfits, lambda _look: UUID(int=1))


@pytest.mark.parametrize(
    ("path", "never", "sometimes"),
    [
        ("designer/bags/handbags", {"", "Zara", "Primark"}, {"Gucci", "Hermès"}),
        ("kids/girls/dresses", {"Gucci", "Nike"}, {"", "H&M", "Petit Bateau"}),
        ("women/shoes/trainers", {"Chanel", "IKEA"}, {"Nike", "Veja", "adidas"}),
        ("vintage/clothing/denim", {"Primark"}, {"", "Levi's"}),
    ],
)
def test_makers_fit_their_leaf(path: str, never: set[str], sometimes: set[str]) -> None:
    makers = {made.name.decode() for made in _counter(path).makers}
    assert not makers & never
    assert sometimes <= makers


def test_sizes_are_the_systems_and_the_middle_is_more_frequent() -> None:
    sizes = [(label, uuid4()) for label in ("XXS", "XS", "S", "M", "L", "XL", "XXL", "XXXL")]
    sized = [size.id_field for size in _counter("men/clothing/t-shirts", "letters", sizes).sizes]
    counts = [sized.count(encoding.uuid(id)) for _, id in sizes]
    assert sum(counts) == 256
    assert min(counts) >= 1
    assert max(counts) == counts[4]  # L
    assert {size.id_field for size in _counter("home/decoration/vases").sizes} == {encoding.NULL}


def test_every_table_has_256_entries() -> None:
    made = _counter("women/clothing/jeans")
    assert {len(made.makers), len(made.conditions), len(made.sizes), len(made.hangings)} == {256}
    hanging = made.hangings[0]
    assert {len(hanging.phrases), len(hanging.first), len(hanging.openings), len(hanging.fits)} == {256}
    assert {len(table) for table in made.makers[0].prices.values()} == {256}
    assert any(name.startswith(b"501") for each in made.hangings for name in each.classics.get(b"Levi's", ()))
