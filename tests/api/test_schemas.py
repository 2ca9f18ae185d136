"""Schemas keep the order of what has one."""

from typing import Annotated

import msgspec
from msgspec import Meta

from threadly.api.schemas import schemas_of
from threadly.marketplace.catalog import Condition


class Branch(msgspec.Struct):
    """A shape that holds itself, and an enum deep within."""

    below: "list[Branch]"
    worn: Annotated[tuple[Condition, ...], Meta(description="How.")] | None = None


def test_the_values_of_an_enum_stand_as_they_are_declared() -> None:
    _, components = schemas_of([Branch])
    assert components["Condition"]["enum"] == [condition.value for condition in Condition]
    assert components["Condition"]["enum"] != sorted(components["Condition"]["enum"])
