"""What is recorded: each kind of act is a class with a name, whose docstring says what has happened."""

from collections.abc import Iterator
from typing import ClassVar

from threadly.core.kinds import below


class Act:
    """A kind of act. Never made: the class itself says which."""

    name: ClassVar[str]
    """Stable, in dots: `member.signed_up`."""


def every_act() -> Iterator[type[Act]]:
    """All that have been imported so far, by name."""
    return iter(sorted(below(Act), key=lambda act: act.name))
