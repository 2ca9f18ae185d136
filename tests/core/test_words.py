"""Marking a sentence for translation."""

from threadly.core.words import words


def test_what_is_marked_stays_as_it_is() -> None:
    assert words("Please sign in first.") == "Please sign in first."
