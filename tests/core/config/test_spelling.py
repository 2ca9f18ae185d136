"""What is written otherwise is refused with an example, and without the pattern."""

from typing import Annotated

import pytest

from threadly.core.config import ConfigurationError, Section, expect_one_line, load, spelled


class Wall(Section):
    """A wall."""

    colour: Annotated[str, spelled("#[0-9a-f]{6}", form="# and six digits", example="#7a4b00")] = "#000000"
    """Its colour."""


def test_what_is_spelled_so_is_taken() -> None:
    assert load(Wall, {"WALL_COLOUR": "#7a4b01"}, prefix="WALL_").colour == "#7a4b01"


@pytest.mark.parametrize("given", ["brown", "#7a4b0", "#7a4b001", "#7a4b00\n"])
def test_what_is_spelled_otherwise_is_refused_with_an_example(given: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        load(Wall, {"WALL_COLOUR": given}, prefix="WALL_")
    assert refusal.value.problems == ["WALL_COLOUR (environment) should be # and six digits, like #7a4b00."]


@pytest.mark.parametrize("text", ["a\n", "a\nb", "a\tb", " a", "a ", "a\x1b[2J", "a\u200bb"])
def test_a_line_is_one_line_and_has_no_blanks_around_it(text: str) -> None:
    assert expect_one_line("a b") == "a b"
    with pytest.raises(ValueError, match="one line"):
        expect_one_line(text)
