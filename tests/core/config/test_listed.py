"""A list is written with commas."""

from threadly.core.config import listed


def test_text_is_parted_at_its_commas_and_anything_else_stays() -> None:
    assert listed("a, b,c ") == ["a", "b", "c"]
    assert listed(["a,b"]) == ["a,b"]
    assert listed(7) == 7
