"""Text that people write."""

import sys
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadly.core.text import _MARKS_INSIDE, MOST_MARKS, is_plain, is_seen, normalised, tidied

GRAVE, ACUTE = "\N{COMBINING GRAVE ACCENT BELOW}", "\N{COMBINING TILDE OVERLAY}"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("plain", "plain"),
        ("e\u0301", "é"),
        ("й", "й"),
        ("ﬁ²Ａ", "ﬁ²Ａ"),
        ("👩\u200d🎤", "👩\u200d🎤"),
        ("a" + GRAVE * MOST_MARKS, "a" + GRAVE * MOST_MARKS),
    ],
)
def test_what_looks_the_same_is_the_same_and_nothing_else_is(written: str, read: str) -> None:
    assert normalised(written) == read


@given(st.text(max_size=40))
def test_normalising_is_nfc_and_stays_as_it_is(text: str) -> None:
    assert normalised(text) == unicodedata.normalize("NFC", text)
    assert normalised(normalised(text)) == normalised(text)
    assert tidied(tidied(text)) == tidied(text)


@pytest.mark.parametrize(
    "text",
    [
        "a" + GRAVE * 30_000 + ACUTE * 30_000,
        "a" + (ACUTE + GRAVE) * 30_000,
        "a" + "\u0f73" * 30_000,
        "a" + (ACUTE + "\u0f81") * 30_000,
    ],
)
def test_a_heap_of_marks_costs_no_more_than_other_text(text: str) -> None:
    """Python's own takes half a minute for these."""
    began = time.process_time()
    unicodedata.normalize("NFKC", normalised(text))
    assert time.process_time() - began < 0.5


def test_every_mark_that_is_one_only_inside_is_known() -> None:
    inside = {
        character
        for character in map(chr, range(sys.maxunicode + 1))
        if not unicodedata.combining(character) and unicodedata.combining(unicodedata.normalize("NFKD", character)[0])
    }
    assert inside == _MARKS_INSIDE


@pytest.mark.parametrize(
    "text",
    [
        "Mila",
        "Мила Иванова",
        "Mила & Со",
        "שלום עולם",
        "محمد العربي",
        "می\u200cخواهم",
        "नमस्ते",
        "ကျွန်ုပ်",
        "བསྒྲུབས",
        "ស្ត្រី",
        "Nguyễn Thị",
        "Tú̱ān",
        "👩\u200d🎤 closet ✨",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "\U0001fae9",
        "O’Brien – “Vintage”",
        "a\u200f",
    ],
)
def test_every_script_and_emoji_is_plain(text: str) -> None:
    assert is_plain(text)
    assert is_seen(text)


@pytest.mark.parametrize(
    "text",
    [
        "a\0b",
        "a\nb",
        "a\tb",
        "a\x1b[31mb",
        "a\x7fb",
        "a\u0085b",
        "a\u202eb",
        "a\u2066b\u2069",
        "a\u2028b",
        "a\u200bb",
        "a\u2060b",
        "\ufeffa",
        "a\ufffe",
        "a\ue000",
        "a\ud800",
        "Z" + GRAVE * 5,
        "Z" + "\N{COMBINING ENCLOSING CIRCLE}" * 9,
        "Z" + (GRAVE + "\N{COMBINING ENCLOSING CIRCLE}") * 5,
    ],
)
def test_what_is_invisible_or_turns_its_neighbours_around_is_not(text: str) -> None:
    assert not is_plain(text)


def test_several_lines_are_plain_where_they_may_be() -> None:
    assert is_plain("a\n\tb", lines=True)
    assert not is_plain("a\rb", lines=True)


@pytest.mark.parametrize("text", ["", " ", "\u00a0", "\u200d", "\u0301", "\ufe0f"])
def test_nothing_to_see_is_found_out(text: str) -> None:
    assert not is_seen(text)
