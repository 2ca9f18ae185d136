"""What was gathered shows where it is, and never what it is."""

import pickle

import pytest

from threadly.core.config import Section, gather


class Lamp(Section):
    """A lamp."""

    watts: int
    """How bright it is."""


def test_nothing_that_was_gathered_is_shown_or_pickled() -> None:
    gathered = gather(Lamp, {"THREADLY_WATTS": "SEKRET", "PASSWORD": "SEKRET"})

    assert "THREADLY_WATTS given in environment" in repr(gathered)
    assert "SEKRET" not in repr(gathered)
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(gathered)


def test_the_text_of_a_variable_can_be_asked_before_it_is_checked() -> None:
    gathered = gather(Lamp, {"THREADLY_WATTS": "many"})
    assert (gathered.text("THREADLY_WATTS"), gathered.text("THREADLY_GLOW")) == ("many", None)
