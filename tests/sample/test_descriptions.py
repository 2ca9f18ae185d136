"""Descriptions are sentences in several languages, in which no slot stays open."""

from collections.abc import Iterable

import pytest

from tests.sample.making import UNTIL
from threadly.marketplace.catalog import Condition
from threadly.sample import descriptions
from threadly.sample.people import people
from threadly.sample.stock import stock


def _longest(sentences: Iterable[bytes]) -> int:
    return max(len(sentence.decode()) for sentence in sentences)


def test_every_language_that_members_write_has_a_voice() -> None:
    assert {person.language for person in people(100_000, 1, UNTIL)} == set(descriptions.voices())


@pytest.mark.parametrize("language", ["en", "de", "fr", "bg", "it", "pl"])
def test_a_description_is_long_enough_and_never_too_long(language: str) -> None:
    voice = descriptions.voices()[language]
    nouns = {noun for thing in stock().garments.values() for noun in thing.nouns}
    openings = [opening for noun in nouns for opening in descriptions.openings(noun)]
    for kind in descriptions.KINDS:
        for condition in Condition:
            said = voice.conditions[kind][condition]
            assert len(said) == 256
            assert min(len(sentence.decode().strip()) for sentence in said) >= 10
            parts = ([*openings, *voice.openings], said, descriptions.fits(kind), voice.stories, voice.homes)
            longest = sum(map(_longest, parts)) + _longest(voice.closings) + _longest(descriptions.measures("jacket"))
            assert longest <= 2000


def test_no_slot_stays_open_and_several_things_are_them() -> None:
    for noun in ("jeans", "dress", "wine glasses, set of 4"):
        said = b"".join(descriptions.openings(noun)).decode()
        assert "{" not in said
        assert ("them" in said) == (noun != "dress")
    kinds = {thing.measures for thing in stock().garments.values()}
    assert not [kind for kind in kinds if b"{" in b"".join(descriptions.measures(kind))]
    assert set(descriptions.measures("none")) == {b""}
