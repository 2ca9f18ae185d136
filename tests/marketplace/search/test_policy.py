"""Whatever somebody types is read as words, rows of words and words that shall not be there."""

import asyncpg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadly.marketplace.search import Query, parse
from threadly.marketplace.search.policy import MOST_WORDS, Part, distance, latin, likeliest, respelt

ANYTHING = st.text(max_size=300) | st.text(
    st.sampled_from("a'\"-& |!()<>:*\\\t\nлé\u0301\u200f\U0001f457\0"), max_size=60
)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("Levis Jaket", ["levis", "jaket"]),
        ("Levi's", ["levis"]),
        ("Levi’s", ["levis"]),
        ("H&M", ["h", "m"]),
        ("t-shirt", ["t", "shirt"]),
        ("black/white", ["black", "white"]),
        ("РОКЛЯ Été", ["рокля", "été"]),
        ("e\u0301te\u0301", ["été"]),
        ("ﬁne", ["fine"]),
        ("38.5", ["38", "5"]),
        ("\U0001f457\U0001f460 !!! …", []),
        ("a\0b", ["a", "b"]),
        ("\u202eשמלה\u202c", ["שמלה"]),
    ],
)
def test_a_text_is_words_in_small_letters(text: str, parts: list[str]) -> None:
    assert parse(text).parts == tuple(Part((word,)) for word in parts)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ('"summer dress" red', [Part(("summer", "dress")), Part(("red",))]),
        ("“summer dress”", [Part(("summer", "dress"))]),
        ('"summer dress', [Part(("summer", "dress"))]),
        ("dress -red", [Part(("dress",)), Part(("red",), excluded=True)]),
        ('dress -"dark red"', [Part(("dress",)), Part(("dark", "red"), excluded=True)]),
        ("dress -t-shirt", [Part(("dress",)), Part(("t", "shirt"), excluded=True)]),
        ("dress - red", [Part(("dress",)), Part(("red",))]),
        ("dress --red", [Part(("dress",)), Part(("red",))]),
        ('""', []),
    ],
)
def test_quotes_keep_words_in_a_row_and_a_minus_keeps_them_out(text: str, parts: list[Part]) -> None:
    assert list(parse(text).parts) == parts


@pytest.mark.parametrize(
    ("text", "tsquery"),
    [
        ("levis jak", "'levis' & 'jak':*"),
        ("levis jak ", "'levis' & 'jak'"),
        ("levis -jak", "'levis' & !'jak'"),
        ('"levis jak', "'levis jak'"),
    ],
)
def test_the_last_word_may_go_on_while_it_is_typed(text: str, tsquery: str) -> None:
    assert parse(text).tsquery(begun=True) == tsquery


def test_a_long_text_is_read_as_far_as_its_limits() -> None:
    assert len(parse("word " * 1000).words) == MOST_WORDS
    assert parse("x" * 10_000).words == ("x" * 200,)


def test_a_correction_replaces_words_and_keeps_what_shall_not_be_there() -> None:
    query = parse('jaket "levis jaket" -jaket')

    assert str(respelt(query, {"jaket": "jacket"})) == 'jacket "levis jacket" -jaket'
    assert str(respelt(parse("northface"), {"northface": "north face"})) == "north face"


WORDS = [("jacket", "jacket", 900), ("jackets", "jackets", 40), ("nike", "nike", 500), ("bike", "bike", 3)]
WORDS += [("roklya", "рокля", 20), ("рокля", "рокля", 20), ("levis", "levis", 300)]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("jaket", "jacket"),
        ("jakcet", "jacket"),
        ("jackest", "jacket"),
        ("nkie", "nike"),
        ("nikee", "nike"),
        ("roklya", "рокля"),
        ("roklia", "рокля"),
        ("рокла", "рокля"),
        ("левис", "levis"),
        ("zz", None),
        ("spacesuit", None),
        ("ike", "nike"),
    ],
)
def test_the_likeliest_word_is_the_nearest_and_then_the_most_frequent(typed: str, meant: str | None) -> None:
    assert likeliest(typed, WORDS) == meant


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [("", "", 0), ("a", "", 1), ("", "ab", 2), ("nike", "nkie", 1), ("ca", "abc", 3), ("kitten", "sitting", 3)],
)
def test_slips_are_counted(one: str, other: str, slips: int) -> None:
    assert distance(one, other) == distance(other, one) == slips


def test_cyrillic_has_a_latin_spelling() -> None:
    assert latin("жълта рокля, h&m") == "zhalta roklya, h&m"


@pytest.mark.parametrize(("text", "ended"), [("summer d", "summer"), ("summer d ", "summer d"), ("sum", "sum")])
def test_a_word_that_is_going_on_can_be_left_out_unless_it_is_the_only_one(text: str, ended: str) -> None:
    assert str(parse(text).ended) == ended


@given(text=ANYTHING)
def test_a_query_as_it_would_be_typed_reads_the_same_again(text: str) -> None:
    query = parse(text)
    again = parse(str(query))

    assert (again.words, [part.excluded for part in again.parts]) == (query.words, [p.excluded for p in query.parts])


async def test_postgresql_takes_whatever_was_typed(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    texts: list[str] = []

    @settings(max_examples=300)
    @given(text=ANYTHING)
    def collect(text: str) -> None:
        texts.append(text)

    collect()
    for query in map(parse, texts):
        assert isinstance(query, Query)
        for words in (query.tsquery(), query.tsquery(begun=True)):
            await connection.fetchval("select search_query($1)::text", words)
    await connection.close()
