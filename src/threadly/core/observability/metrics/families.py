"""Metrics as they travel and are written: a family is one name with its kind, and its series are its label values."""

from enum import StrEnum
from typing import Final

import msgspec

OVERFLOW: Final = "overflow"
"""The label value that stands for all that came after a bound was reached."""


class Kind(StrEnum):
    """What a family counts as."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


class Combine(StrEnum):
    """What the gauges of several living workers are together."""

    SUM = "sum"
    MAX = "max"
    MIN = "min"
    LAST = "last"
    """That of the worker which spoke last."""


class Series(msgspec.Struct, frozen=True, array_like=True):
    """The value for some label values."""

    labels: tuple[str, ...]
    """In the order of the family's label names."""
    value: float
    """A counter's or gauge's; what a histogram's observations sum up to."""
    counts: list[int] = []
    """A histogram's: observations in each bucket alone, one more than it has bounds."""


class Family(msgspec.Struct, frozen=True, array_like=True):
    """All series of one name."""

    name: str
    """A counter's without its `_total`."""
    kind: Kind
    help: str
    labels: tuple[str, ...]
    series: list[Series]
    bounds: tuple[float, ...] = ()
    """A histogram's, the infinite one left out."""
    combine: Combine = Combine.SUM
    """A gauge's."""
