"""Whatever somebody types is read as words, rows of words and words that shall not be there."""

import asyncpg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadly.marketplace.search import Query, parse
from threadly.marketplace.search.policy import MOST_WORDS, Part, corrected

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

    assert str(corrected(query, {"jaket": "jacket"})) == 'jacket "levis jacket" -jaket'


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
