"""The geometry under the drawings."""

import pytest

from threadly.sample.pictures.affine import Affine
from threadly.sample.pictures.paths import across, backwards, box, extent, mirrored, moved, oval, whole


def test_half_an_outline_makes_a_whole_one() -> None:
    assert whole("M0 10L50 10L40 90L0 90") == (
        "M0.0 10.0L50.0 10.0L40.0 90.0L0.0 90.0L0.0 90.0L-40.0 90.0L-50.0 10.0L0.0 10.0Z"
    )


def test_a_line_backwards_keeps_its_control_points() -> None:
    assert backwards("M0 0C1 1 2 2 3 3Q4 4 5 5") == "M5.0 5.0Q4.0 4.0 3.0 3.0C2.0 2.0 1.0 1.0 0.0 0.0"


def test_a_symmetrical_line_starts_on_the_left() -> None:
    assert across("M0 5L10 0") == "M-10.0 0.0L0.0 5.0L0.0 5.0L10.0 0.0"


@pytest.mark.parametrize(
    ("case", "d", "bounds"),
    [
        ("a box", box(-5, 10, 20, 30), (-5, 10, 15, 40)),
        ("an oval", oval(0, 0, 7, 3), (-7, -3, 7, 3)),
        ("moved", moved("M0 0L1 1", 10, 20), (10, 20, 11, 21)),
        ("mirrored", mirrored("M1 0L3 1"), (-3, 0, -1, 1)),
    ],
)
def test_an_extent_is_left_top_right_bottom(case: str, d: str, bounds: tuple[float, ...]) -> None:
    assert extent(d) == bounds, case


def test_an_affine_map_is_undone_by_its_inverse() -> None:
    there = Affine.of(30, -7, turn=33, across=-2, down=0.5)
    x, y = there.inverse()(*there(12.5, -40))
    assert [x, y] == pytest.approx([12.5, -40])


def test_maps_compose_from_right_to_left() -> None:
    turned_then_moved = Affine.of(10, 0).after(Affine.of(0, 0, turn=90))
    assert list(turned_then_moved(1, 0)) == pytest.approx([10, 1])
