"""A `.env` file is read strictly: what readers differ in is refused by its line, and no value is repeated."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadly.core.config.dotenv import lines, quoted

GOOD = r"""
# what a shop needs
export NAME=value
BARE=postgresql://u:p%40@h:5432/d?x=1&y=2;z   # a comment
EMPTY=
  SPACED='  kept as it is: $HOME \n "quoted" # no comment ' # one
DOUBLE="a \"b\" \\ \$5\n\ttab # no comment"
HASH=a#b
QUOTED_EMPTY=''
"""


def test_what_is_written_plainly_is_read() -> None:
    found = lines(GOOD, file=".env")

    assert found.mistakes == []
    assert {each.name: each.value for each in found.given} == {
        "NAME": "value",
        "BARE": "postgresql://u:p%40@h:5432/d?x=1&y=2;z",
        "EMPTY": "",
        "SPACED": '  kept as it is: $HOME \\n "quoted" # no comment ',
        "DOUBLE": 'a "b" \\ $5\n\ttab # no comment',
        "HASH": "a#b",
        "QUOTED_EMPTY": "",
    }
    assert [each.place for each in found.given][:2] == [".env:3", ".env:4"]


@pytest.mark.parametrize(
    ("case", "line", "says"),
    [
        ("no equals sign", "SEKRET", "should be NAME=value, without a space before"),
        ("a space before it", "NAME = SEKRET", "should be NAME=value, without a space before"),
        ("a space behind it", "NAME= SEKRET", "should be NAME=value, without a space behind"),
        ("a name with a hyphen", "SHOP-NAME=SEKRET", "should be NAME=value"),
        ("a name with a digit first", "1NAME=SEKRET", "is no NAME=value"),
        ("two words", "NAME=SEKRET word", "holds a space"),
        ("a dollar", "NAME=SEKRET$x", "single quotes"),
        ("a backtick", "NAME=`SEKRET`", "single quotes"),
        ("a quote within", "NAME=SEK'RET", "single quotes"),
        ("a dollar in double quotes", 'NAME="SEKRET$x"', "nothing is expanded"),
        ("an unknown escape", r'NAME="SEKRET\x"', "backslash"),
        ("a quote that stays open", "NAME='SEKRET", "not closed"),
        ("a double quote that stays open", 'NAME="SEKRET', "not closed"),
        ("something behind the quote", "NAME='SEK'RET", "behind the closing quote"),
        ("a comment right behind it", "NAME='SEKRET'#x", "behind the closing quote"),
    ],
)
def test_what_readers_differ_in_is_refused_by_its_line_without_the_value(case: str, line: str, says: str) -> None:
    found = lines(f"A=1\n{line}\nB=2\n", file="shop.env")

    (mistake,) = found.unread
    assert mistake.says.startswith("shop.env:2: ")
    assert says in mistake.says
    assert "SEKRET" not in repr(found), case
    assert [each.name for each in found.given] == ["A", "B"]


def test_a_name_that_stands_twice_is_told_with_both_lines() -> None:
    found = lines("A=1\nB=2\nA=3", file=".env")
    assert [str(mistake) for mistake in found.mistakes] == [".env:3: A stands in line 1 already."]


def test_lines_of_other_systems_are_read() -> None:
    assert [each.value for each in lines("A=1\r\nB='2'\r\n", file=".env").given] == ["1", "2"]


@given(value=st.text(st.characters(exclude_characters="'\n\r\0", exclude_categories=["Cs"])))
def test_everything_in_single_quotes_is_kept(value: str) -> None:
    (found,) = lines(f"NAME='{value}' # and a comment", file=".env").given
    assert found.value == value


@given(st.text(st.sampled_from("AB=' \"\\$#\n`nt\t")))
def test_any_text_is_read_or_refused_by_line(text: str) -> None:
    found = lines(text, file=".env")
    assert len(found.given) + len(found.mistakes) <= text.count("\n") + 1


@pytest.mark.parametrize(
    ("value", "said"), [("plain", "plain"), ("", ""), ("a b", "'a b'"), ("# $x", "'# $x'"), ("a#b", "a#b")]
)
def test_a_value_is_quoted_where_it_must_be_and_read_back(value: str, said: str) -> None:
    assert quoted(value) == said
    (found,) = lines(f"A={said}", file=".env").given
    assert found.value == value


def test_what_no_quotes_can_hold_is_not_written() -> None:
    for value in ("it's", "a\nb"):
        with pytest.raises(ValueError, match="holds a quote"):
            quoted(value)
