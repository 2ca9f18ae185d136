"""How far the seeding is."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Step(StrEnum):
    """What takes its time, in this order."""

    PICTURES = "pictures"
    LISTINGS = "listings"
    INDEXES = "indexes"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a step is."""

    step: Step
    done: int
    total: int


OnProgress: TypeAlias = Callable[[Progress], None]
