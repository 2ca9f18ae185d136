"""Chance repeats itself, and dice are fair."""

import pytest

from threadly.sample.chance import FACES, chance, die, digest


def test_the_same_words_give_the_same_chance() -> None:
    assert [chance("a", 1).random() for _ in range(2)] == [chance("a", 1).random()] * 2
    assert chance("a", 1).random() != chance("a", 2).random()
    assert digest(74, "a", 1) == digest(74, "a", 1) < 1 << 74
    assert digest(74, "a", 1) != digest(74, "a", 2)


def test_a_die_shows_each_item_as_often_as_it_weighs() -> None:
    faces = die(["much", "little", "never"], [3, 1, 0])
    assert len(faces) == FACES
    assert [faces.count(item) for item in ("much", "little", "never")] == [191, 64, 1]
    assert die(["only"]) == ("only",) * FACES
    assert die(range(FACES)) == tuple(range(FACES))


@pytest.mark.parametrize("items", [[], list(range(FACES + 1))])
def test_a_die_that_cannot_be_is_refused(items: list[int]) -> None:
    with pytest.raises(ValueError, match="die"):
        die(items)
