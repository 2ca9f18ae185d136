"""Kinds of things that are classes: errors, acts, events."""

from collections.abc import Iterator
from typing import TypeVar

T = TypeVar("T")


def below(kind: type[T]) -> Iterator[type[T]]:
    """All subclasses that have been imported so far, each before its own."""
    for each in kind.__subclasses__():
        yield each
        yield from below(each)
