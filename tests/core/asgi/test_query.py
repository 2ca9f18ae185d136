"""Query strings, to the letter."""

from contextlib import suppress
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadly.core.asgi import (
    ParameterInvalid,
    ParameterMalformed,
    ParameterRepeated,
    ParameterUnknown,
    QueryTooLong,
    integer,
    parse_lists,
    parse_query,
    whole_number,
)
from threadly.core.asgi.query import MOST_CHARACTERS, MOST_PARAMETERS, MOST_VALUES
from threadly.core.errors import Invalid

KNOWN = {"a", "b"}
READABLE = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=100)


@given(values=st.dictionaries(st.sampled_from(sorted(KNOWN)), READABLE))
def test_what_a_form_encodes_is_read_back(values: dict[str, str]) -> None:
    assert parse_query(urlencode(values).encode(), KNOWN) == values


@given(raw=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    read: dict[str, str] = {}
    with suppress(Invalid):
        read = parse_query(raw, KNOWN)
    assert read.keys() <= KNOWN
    assert not any("\0" in value for value in read.values())


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        (b"", {}),
        (b"a", {"a": ""}),
        (b"a=", {"a": ""}),
        (b"&a=1&", {"a": "1"}),
        (b"a=b=c", {"a": "b=c"}),
        (b"a=x+y%2B", {"a": "x y+"}),
        (b"%61=1", {"a": "1"}),
        ("a=рокля".encode(), {"a": "рокля"}),
    ],
)
def test_forms_are_read_as_browsers_write_them(raw: bytes, read: dict[str, str]) -> None:
    assert parse_query(raw, KNOWN) == read


@pytest.mark.parametrize(
    ("case", "raw", "refusal"),
    [
        ("unknown", b"c=1", ParameterUnknown),
        ("another case", b"A=1", ParameterUnknown),
        ("no name", b"=1", ParameterUnknown),
        ("repeated", b"a=1&a=1", ParameterRepeated),
        ("repeated, spelled otherwise", b"a=1&%61=2", ParameterRepeated),
        ("NUL", b"a=%00", ParameterMalformed),
        ("NUL, raw", b"a=\0", ParameterMalformed),
        ("half a percent", b"a=%4", ParameterMalformed),
        ("no digits", b"a=%zz", ParameterMalformed),
        ("overlong UTF-8", b"a=%c0%af", ParameterMalformed),
        ("a surrogate", b"a=%ed%a0%80", ParameterMalformed),
        ("Latin-1", b"a=\xe9", ParameterMalformed),
        ("malformed name", b"%ff=1", ParameterMalformed),
    ],
)
def test_what_is_not_exactly_right_is_refused(case: str, raw: bytes, refusal: type[Invalid]) -> None:
    with pytest.raises(refusal):
        parse_query(raw, KNOWN)


@pytest.mark.parametrize(
    ("raw", "lists"),
    [
        (b"", {}),
        (b"a=1", {}),
        (b"l=1&a=1&l=%32", {"l": ("1", "2")}),
        (b"l=&l=1", {"l": ("", "1")}),
        (b"&".join(b"l=%d" % n for n in range(MOST_VALUES)), {"l": tuple(map(str, range(MOST_VALUES)))}),
    ],
)
def test_what_is_declared_as_a_list_may_repeat(raw: bytes, lists: dict[str, tuple[str, ...]]) -> None:
    found, listed = parse_lists(raw, KNOWN, {"l"})
    assert listed == lists
    assert found == ({"a": "1"} if b"a=" in raw else {})


@pytest.mark.parametrize(
    ("case", "raw"),
    [
        ("one value twice", b"l=1&l=1"),
        ("spelled otherwise", b"l=1&l=%31"),
        ("too many", b"&".join(b"l=%d" % n for n in range(MOST_VALUES + 1))),
        ("no list", b"a=1&a=2&l=1"),
    ],
)
def test_a_list_is_bounded_and_has_no_value_twice(case: str, raw: bytes) -> None:
    with pytest.raises(ParameterRepeated):
        parse_lists(raw, KNOWN, {"l"})


def test_length_and_number_are_bounded_on_both_sides() -> None:
    assert parse_query(b"&" * (MOST_PARAMETERS - 1), KNOWN) == {}
    with pytest.raises(QueryTooLong):
        parse_query(b"&" * MOST_PARAMETERS, KNOWN)

    assert parse_query(b"a=" + b"x" * (MOST_CHARACTERS - 2), KNOWN)
    with pytest.raises(QueryTooLong):
        parse_query(b"a=" + b"x" * (MOST_CHARACTERS - 1), KNOWN)


@given(number=st.integers(-(10**18), 10**18))
def test_an_integer_is_read_back(number: int) -> None:
    assert integer("n", str(number), at_least=number, at_most=number) == number


@pytest.mark.parametrize(
    "text", ["", " 5", "5 ", "+5", "-0", "05", "5.0", "5e0", "1_000", "٥", "0x5", "true", "5\n", "1" * 20]
)
def test_an_integer_has_one_spelling(text: str) -> None:
    assert whole_number(text) is None
    with pytest.raises(ParameterInvalid) as refusal:
        integer("n", text, at_least=-(10**30), at_most=10**30)
    assert refusal.value.facts == {"parameter": "n", "at_least": -(10**30), "at_most": 10**30}


@pytest.mark.parametrize(("text", "accepted"), [("0", False), ("1", True), ("100", True), ("101", False)])
def test_an_integer_is_bounded_on_both_sides(text: str, accepted: bool) -> None:
    if accepted:
        assert integer("n", text, at_least=1, at_most=100) == int(text)
    else:
        with pytest.raises(ParameterInvalid):
            integer("n", text, at_least=1, at_most=100)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (b"pricee", "pricee"),
        (b"minPrice", "minPrice"),
        (b"min_price", "min_price"),
        (b"whsec_MvN1E3pGe3NerI", "…"),
        (b"anna%40example.org", "…"),
        (b"Correct-Horse-7%21", "…"),
        (b"4111111111111111", "…"),
        (b"x" * 31, "…"),
    ],
)
def test_an_unknown_name_is_told_back_only_if_it_can_be_one(sent: bytes, told: str) -> None:
    with pytest.raises(ParameterUnknown) as refusal:
        parse_query(sent + b"=1", {"a"})
    assert refusal.value.facts["parameter"] == told
