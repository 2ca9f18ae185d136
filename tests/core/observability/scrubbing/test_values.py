"""Any value becomes plain data, bounded, with nothing private in it."""

import dataclasses
import enum
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from tests.core.observability.scrubbing.texts import SECRETS
from threadly.core.observability import scrub

PLANTED = "ZEBRA"  # stands in no alphabet below


class Colour(enum.Enum):
    RED = "red"


@dataclasses.dataclass
class Buyer:
    name: str
    password: str


class Paid(msgspec.Struct):
    amount_minor: int
    card: str


class Place(NamedTuple):
    city: str
    street: str


class Talkative:
    def __repr__(self) -> str:
        return "password hunter2"


def _within(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    names = st.sampled_from(["a", "listing", "note", "data", "7"])
    return st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(names, inner, max_size=3),
        st.tuples(inner, inner),
        st.builds(lambda value: ValueError(f"it was {value!r}"), inner),
    )


def _holding(leaf: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(leaf, _within, max_leaves=6)


@given(_holding(st.sampled_from(list(SECRETS)).map(lambda secret: f"so {secret} it is")))
def test_a_secret_is_hidden_at_any_depth(value: object) -> None:
    told = json.dumps(scrub(value), ensure_ascii=False)

    for secret, replacement in SECRETS.items():
        if secret not in replacement:
            assert secret not in told


@given(
    st.sampled_from(["password", "Token", "x_secret", "card", "email", "Authorization"]),
    _holding(st.sampled_from([PLANTED, [PLANTED], {"a": PLANTED}, 12345])),
)
def test_what_stands_under_a_private_name_is_hidden_whatever_it_is(name: str, value: object) -> None:
    told = json.dumps(scrub({"data": [{name: value}], name: value, "headers": [(name, value)]}))

    assert PLANTED not in told
    assert "12345" not in told


@given(st.recursive(st.integers(0, 10**9) | st.booleans() | st.none() | st.uuids().map(str), st.lists))
def test_plain_data_stays_as_it_is(value: object) -> None:
    if isinstance(value, list) and json.dumps(value).count("[") > 6:
        return
    assert scrub(value) == value


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (Colour.RED, "red"),
        (b"secret", "[6 bytes]"),
        (Path("/a/b"), "/a/b"),
        (Decimal("1.50"), "1.50"),
        (timedelta(seconds=90), 90.0),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (datetime(2026, 11, 27, tzinfo=UTC), "2026-11-27 00:00:00+00:00"),
        (Buyer("Ann", "x"), {"name": "Ann", "password": "[secret]"}),
        (Paid(100, "x"), {"amount_minor": 100, "card": "[secret]"}),
        (Place("Cork", "x"), {"city": "Cork", "street": "[secret]"}),
        (4111111111111111, "[card]"),
        (4111111111111112, 4111111111111112),
        (-4111111111111111, "[card]"),
        (4111111111111111.0, "[card]"),
        (-4111111111111112.0, -4111111111111112.0),
        (1e300, 1e300),
        ({"name": "password", "value": "x"}, {"name": "password", "value": "[secret]"}),
        ({"name": "colour", "value": "red"}, {"name": "colour", "value": "red"}),
        (10**1000, "[3322 bits]"),
        (ValueError("for ann@example.com"), "ValueError: for [e-mail]"),
        ({"password": None, "token": True, "tokens_total": 3}, {"password": None, "token": True, "tokens_total": 3}),
        ({"ann@example.com": 1}, {"[e-mail]": 1}),
        (SecretStr("x"), "<pydantic.types.SecretStr>"),
    ],
)
def test_values_are_told_as_one_would_write_them(value: object, told: object) -> None:
    assert scrub(value) == told


def test_nobody_is_asked_for_their_own_text() -> None:
    assert scrub([Talkative()]) == [f"<{__name__}.Talkative>"]


def test_what_holds_itself_or_is_large_is_cut() -> None:
    endless: list[object] = []
    endless.append(endless)

    assert json.dumps(scrub(endless)).count("[") == 6
    assert len(str(scrub({str(number): "x" * 10_000 for number in range(10_000)}))) < 120_000
    assert len(json.dumps(scrub(list(range(1000))))) < 400
