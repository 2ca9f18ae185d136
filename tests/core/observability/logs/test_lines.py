"""A line tells when, where, for whom and what, and nothing private; it is never longer than a pipe takes at once."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.observability.scrubbing.texts import SECRETS
from threadly.core.observability import Work
from threadly.core.observability.logs.lines import AsJson, line_of

AS_JSON = AsJson({"pid": 7, "version": "0.1.0"})


def _told(fields: Mapping[str, Any], failure: BaseException | None = None) -> dict[str, Any]:
    line = line_of(AS_JSON, "threadly.shop", "info", fields, failure)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert len(line) <= 4096
    told: dict[str, Any] = json.loads(line)
    return told


def test_a_line_has_its_time_level_logger_event_fields_and_process() -> None:
    told = _told({"event": "Sold.", "listing_id": UUID(int=1), "price_minor": 1200, "seconds": 0.5, "is_first": True})

    at = told.pop("timestamp")
    assert at.endswith("Z")
    assert len(at) == len("2026-11-27T07:32:13.000Z")  # as the quick way writes it
    assert told == {
        "level": "info",
        "logger": "threadly.shop",
        "event": "Sold.",
        "listing_id": "00000000-0000-0000-0000-000000000001",
        "price_minor": 1200,
        "seconds": 0.5,
        "is_first": True,
        "pid": 7,
        "version": "0.1.0",
    }


def test_a_line_says_which_work_it_belongs_to() -> None:
    with Work(request_id="r", trace_id="a" * 32, span_id="b" * 16) as work:
        work.route = "/listings/{id}"
        told = _told({"event": "Sold."})

    assert (told["request_id"], told["trace_id"], told["span_id"]) == ("r", "a" * 32, "b" * 16)
    assert told["route"] == "/listings/{id}"
    assert "job" not in told
    assert "request_id" not in _told({"event": "Sold."})
    with Work():
        assert "request_id" not in _told({"event": "Sold."})


def test_a_failure_is_told_with_its_place() -> None:
    with pytest.raises(LookupError) as caught:
        raise LookupError("for ann@example.com")
    told = _told({"event": "It failed."}, caught.value)

    assert told["exception"]["type"] == "LookupError"
    assert told["exception"]["message"] == "for [e-mail]"
    assert told["exception"]["frames"]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("where", ["event", "note", "nested", "key", "failure"])
def test_a_secret_is_told_nowhere(secret: str, where: str) -> None:
    text = f"so {secret} it is"
    places: dict[str, dict[str, Any]] = {
        "event": {"event": text},
        "note": {"event": "x", "note": text},
        "nested": {"event": "x", "data": {"a": [1, {"b": text}]}},
        "key": {"event": "x", "data": {secret: 1}},
        "failure": {"event": "x"},
    }
    failure = ValueError(text) if where == "failure" else None
    told = json.dumps(_told(places[where], failure), ensure_ascii=False)

    if secret not in SECRETS[secret]:
        assert secret not in told


@pytest.mark.parametrize("value", ["ZEBRA", 12345678, ["ZEBRA"], {"a": "ZEBRA"}])
def test_what_stands_under_a_private_name_is_not_told(value: object) -> None:
    told = str(_told({"event": "x", "password": value, "data": {"Token": value}}))

    assert "ZEBRA" not in told
    assert "12345678" not in told


@pytest.mark.parametrize("number", [4111111111111111, -4111111111111111, 4111111111111111.0, -4111111111111111.0])
def test_a_cards_number_is_no_number(number: float) -> None:
    assert _told({"event": "x", "number": number})["number"] == "[card]"


@given(
    st.dictionaries(
        st.text(max_size=20).filter(lambda name: name not in {"timestamp", "level", "logger", "exception"}),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.uuids(),
            lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
            max_leaves=10,
        ),
        max_size=6,
    )
)
def test_whatever_is_told_is_one_line_of_json(fields: dict[str, Any]) -> None:
    _told({"event": "x"} | fields)


@pytest.mark.parametrize("event", ["\ud800", "a\nb", "\x00", "x" * 100_000, "ü" * 3000, 10**300, object()])
def test_an_event_of_any_kind_is_one_line(event: object) -> None:
    assert _told({"event": event})["event"]


def test_what_is_too_long_is_shortened_and_says_so() -> None:
    told = _told({"event": "x", **{f"field_{number}": "y" * 1000 for number in range(20)}})

    assert told["shortened"]
    assert told["field_0"] == "y" * 300 + "…"
    assert told["pid"] == 7


def test_a_long_failure_keeps_its_innermost_frames() -> None:
    def dig(depth: int) -> None:
        if depth == 0:
            raise ValueError("x" * 5000)
        dig(depth - 1)

    with pytest.raises(ValueError, match="x") as caught:
        dig(100)
    told = _told({"event": "x"}, caught.value)

    assert told["exception"]["frames"][-1].endswith("dig")
