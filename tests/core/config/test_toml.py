"""Whatever is wrong in a text of TOML is refused in one way."""

import time

import pytest

from threadly.core.config import toml
from threadly.core.config.toml import key_lines


def test_what_a_text_says_is_read() -> None:
    assert toml('name = "Shop"\n[a]\nb = [1, 2]\n') == {"name": "Shop", "a": {"b": [1, 2]}}


def test_a_key_of_many_parts_is_read_as_is_a_value_of_many_dots() -> None:
    assert toml("a." * 63 + "a = 1")
    assert toml("hosts = [" + '"a.example.org", ' * 200 + "]")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("name = ", r"Invalid value \(at end of document\)"),
        ("b = 1\nname = Shop", r"Invalid value \(at line 2, column 8\); text stands in quotes"),
        ("a = " + "[" * 5000, "is nested too deeply"),
        ("a = " + "{a=" * 5000, "is nested too deeply"),
        ("b = 1\n" + "a." * 64 + "a = 1", r"a key has more than 64 parts \(at line 2\)"),
        ("b = 1\n" + "a . " * 300_000 + "a = 1", r"a key has more than 64 parts \(at line 2\)"),
        ("[" + "a." * 64 + "a]", r"a key has more than 64 parts \(at line 1\)"),
        ("b = {" + "a." * 64 + "a = 1}", r"a key has more than 64 parts \(at line 1\)"),
        ("b = 1\na = " + "9" * 5000, r"a number has too many digits \(at line 2\)"),
        ("a = 1\nb = 1" + "_0" * 5000, r"a number has too many digits \(at line 2\)"),
    ],
)
def test_what_is_none_is_refused_in_words(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=rf"^{reason}$"):
        toml(text)


@pytest.mark.parametrize("line", [" " * 9_000 + "x", "a " * 4_500, "a." * 300_000 + "b = 1", "a" + " " * 9_000])
def test_lines_are_looked_at_in_a_moment_however_long(line: str) -> None:
    began = time.perf_counter()
    key_lines(line)
    assert time.perf_counter() - began < 2  # a millisecond on a quiet machine
