"""Lines for people."""

from datetime import UTC, datetime
from typing import Any

from threadly.core.observability import Work
from threadly.core.observability.logs.as_text import AsText

AT = datetime(2026, 11, 27, 7, 32, 13, 500_000, tzinfo=UTC)


def _line(work: Work | None = None, **told: Any) -> str:  # noqa: ANN401 - what is told
    head = {"timestamp": AT, "level": "info", "logger": "shop", "event": "Sold."}
    return AsText(colours=False)(head | told, work).decode()


def test_a_line_reads_as_a_sentence_with_its_fields() -> None:
    assert _line(price_minor=1200) == "2026-11-27T07:32:13.500Z info    Sold. price_minor=1200 (shop)\n"


def test_a_line_says_what_is_being_done() -> None:
    assert "request_id=r" in _line(Work(request_id="r"))


def test_a_failure_stands_below_innermost_first() -> None:
    failure = {"type": "KeyError", "message": "b", "frames": ["a.py:1:f", "b.py:2:g"]}

    assert _line(exception=failure | {"cause": failure | {"type": "OSError"}}).splitlines()[1:] == [
        "  KeyError: b",
        "    b.py:2:g",
        "    a.py:1:f",
        "  because of",
        "  OSError: b",
        "    b.py:2:g",
        "    a.py:1:f",
    ]


def test_no_value_begins_a_line_or_moves_the_cursor() -> None:
    line = _line(event="a\nb\r\x1b[2J\u2028", note="c\nd\x9b")

    assert line.count("\n") == 1
    assert "\x1b" not in line
    assert "\x9b" not in line
    assert "a\\nb" in line


def test_at_a_terminal_levels_have_colours() -> None:
    told = {"timestamp": AT, "level": "error", "logger": "", "event": "Lost."}

    assert "\x1b[31merror" in AsText(colours=True)(told, None).decode()
