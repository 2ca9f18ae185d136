"""The name that was meant is found by how many slips of the pen it is away."""

import pytest

from threadly.core.config.nearest import distance, nearest


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [("abc", "abc", 0), ("abc", "abd", 1), ("abc", "acb", 1), ("abc", "ab", 1), ("abc", "abcd", 1), ("abc", "ca", 3)],
)
def test_a_sign_too_many_missing_wrong_or_swapped_is_one_slip(one: str, other: str, slips: int) -> None:
    assert distance(one, other) == distance(other, one) == slips


def test_the_nearest_is_taken_and_what_only_looks_alike_after_it() -> None:
    assert nearest("URK", ["URI", "POOL", "URL"]) == "URI"
    assert nearest("FOLDER__X", ["FOLDER", "NAME"]) == "FOLDER"
    assert nearest("XYZ", ["FOLDER", "NAME"]) is None
    assert nearest("ab", ["cd"]) is None
    assert nearest("ab", []) is None
