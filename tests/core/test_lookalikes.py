"""What looks the same is the same, and what is not seen is not there."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadly.core.lookalikes import is_name, is_of_one_alphabet, skeleton

LETTERS = "abcdefghijkmnopqrstuvwxyz"
HIDDEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u180b\u180e\u200b\u200c\u200d\u2060\u3164\ufe0f\ufeff\uffa0"
    "\u202e\u2066\U000e0041"
)
IMITATIONS = {
    "a": "аΑＡáɑ", "c": "сС", "e": "еΕé", "h": "Нһ", "i": "іΙ1lIı|", "k": "Κк", "m": "МΜ", "n": "Ν", "o": "оΟ0ö",
    "p": "рΡ", "s": "ѕＳ", "t": "ТΤ", "x": "хΧ", "y": "уΥ",
}  # fmt: skip


@given(st.data())
def test_a_name_and_its_imitation_have_one_skeleton(data: st.DataObject) -> None:
    name = data.draw(st.text(LETTERS, min_size=1, max_size=12))
    imitation = "".join(data.draw(st.sampled_from([each, each.upper(), *IMITATIONS.get(each, "")])) for each in name)
    assert skeleton(imitation) == skeleton(name)


@given(st.text(max_size=40))
def test_a_skeleton_is_its_own_whatever_the_form_or_the_case(text: str) -> None:
    bones = skeleton(text)
    assert skeleton(bones) == bones
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert skeleton(unicodedata.normalize(form, text)) == bones


@pytest.mark.parametrize(
    ("one", "other"), [("anna", "hanna"), ("мила", "миля"), ("rn", "m"), ("ana", "anna"), ("木", "本")]
)
def test_names_that_differ_to_the_eye_stay_apart(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


@given(name=st.text(LETTERS, min_size=1, max_size=12), place=st.integers(0, 12), hidden=st.sampled_from(HIDDEN))
def test_a_name_with_anything_that_is_not_seen_is_none(name: str, place: int, hidden: str) -> None:
    assert is_name(name)
    assert not is_name(name[:place] + hidden + name[place:])


@pytest.mark.parametrize(
    "name",
    [
        "Мила É",
        "O'Neil-Šimić",
        "李小龍",
        "ليلى",
        "می\u200cخواهم",
        "क्\u200dष",
        "Anna 👩\u200d👩\u200d👧",
        "❤\ufe0f Vintage",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f Kate",
        "𝒜nna",
        "a\u0301",
    ],
)
def test_people_may_have_the_names_they_have(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize(
    ("word", "is_one"),
    [
        ("mila", True),
        ("мила", True),
        ("Müller", True),
        ("a1-b", True),
        ("東京タワー", True),
        ("mil\u0430", False),
        ("\u03b1dam", False),
    ],
)
def test_letters_of_two_alphabets_in_a_word_are_seen(word: str, is_one: bool) -> None:
    assert is_of_one_alphabet(word) is is_one
