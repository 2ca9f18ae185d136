"""Query parameters, declared as a struct."""

from enum import StrEnum
from typing import Annotated

import msgspec
import pytest
from msgspec import Meta

from threadly.api.parameters import Parameters
from threadly.core.asgi import ParameterInvalid, ParameterUnknown


class Order(StrEnum):
    """An order."""

    UP = "up"
    DOWN = "down"


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a query may hold."""

    limit: Annotated[int, Meta(ge=1, le=10, description="How many.")] = 5
    least: Annotated[int, Meta(ge=-5, le=5)] | None = None
    order: Annotated[Order, Meta(description="Which way.")] = Order.UP
    name: Annotated[str, Meta(min_length=1, max_length=3)] | None = None
    ways: Annotated[tuple[Order, ...], Meta(description="Several.")] = ()
    names: tuple[Annotated[str, Meta(max_length=3)], ...] = ()


READ = Parameters(Asked)


def test_nothing_asked_is_the_defaults() -> None:
    assert READ.read(b"") == Asked()


def test_each_type_is_read() -> None:
    expected = Asked(limit=10, least=-5, order=Order.DOWN, name="рок")
    assert READ.read("limit=10&least=-5&order=down&name=рок".encode()) == expected
    assert READ.read(b"ways=down&names=a&names=b&ways=up") == Asked(ways=(Order.DOWN, Order.UP), names=("a", "b"))


@pytest.mark.parametrize(
    ("query", "says"),
    [
        (b"limit=0", "“limit” must be a whole number from 1 to 10."),
        (b"limit=11", "“limit” must be a whole number from 1 to 10."),
        (b"limit=5.0", "“limit” must be a whole number from 1 to 10."),
        (b"least=true", "“least” must be a whole number from -5 to 5."),
        (b"order=UP", "“order” must be one of: up, down."),
        (b"ways=UP", "“ways” must be one of: up, down."),
        (b"names=abcd", "“names” must be at most 3 characters of the form that the documentation gives."),
        (b"name=", "“name” must be at most 3 characters of the form that the documentation gives."),
        (b"name=abcd", "“name” must be at most 3 characters of the form that the documentation gives."),
    ],
)
def test_a_wrong_value_is_refused_in_a_sentence(query: bytes, says: str) -> None:
    with pytest.raises(ParameterInvalid) as refusal:
        READ.read(query)
    assert refusal.value.detail == says
    assert refusal.value.facts == {"parameter": query.decode().partition("=")[0]}


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(ParameterUnknown):
        READ.read(b"limits=1")


def test_the_same_lines_are_the_documentation() -> None:
    limit, least, order, name, ways, names = READ.document()
    assert limit == {
        "name": "limit",
        "in": "query",
        "required": False,
        "description": "How many.",
        "schema": {"type": "integer", "minimum": 1, "maximum": 10, "default": 5},
    }
    assert least["schema"] == {"type": "integer", "minimum": -5, "maximum": 5}
    assert order["schema"] == {"type": "string", "enum": ["up", "down"], "default": "up"}
    assert name["schema"] == {"type": "string", "minLength": 1, "maxLength": 3}
    assert (ways["style"], ways["explode"], ways["description"]) == ("form", True, "Several.")
    assert ways["schema"]["items"] == {"type": "string", "enum": ["up", "down"]}
    assert names["schema"] == {
        "type": "array",
        "items": {"type": "string", "maxLength": 3},
        "maxItems": 20,
        "uniqueItems": True,
    }


@pytest.mark.parametrize("kind", [int, str, float, bool, Annotated[int, Meta(ge=0)], tuple[str, ...]])
def test_what_has_no_strict_bounded_reading_cannot_be_declared(kind: type) -> None:
    loose = msgspec.defstruct("Loose", [("value", kind)])
    with pytest.raises(TypeError, match="value"):
        Parameters(loose)
