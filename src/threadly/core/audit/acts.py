"""What is recorded: each kind of act is a class with a name, whose docstring says what has happened."""

from collections.abc import Iterator
from typing import ClassVar


class Act:
    """A kind of act. Never made: the class itself says which."""

    name: ClassVar[str]
    """Stable, in dots: `member.signed_up`."""


def every_act() -> Iterator[type[Act]]:
    """All that have been imported so far, by name."""
    return iter(sorted(_below(Act), key=lambda act: act.name))


def _below(act: type[Act]) -> Iterator[type[Act]]:
    for kind in act.__subclasses__():
        yield kind
        yield from _below(kind)
