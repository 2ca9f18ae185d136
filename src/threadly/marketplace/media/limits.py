"""What decoding may take, and what members may keep."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one process that has pictures decoded."""

    processes: int = 1
    """Children that decode at the same time."""
    seconds: float = 15.0
    """For one picture, by the clock on the wall."""
    cpu_seconds: int = 8
    """For one picture, by the processor's clock; rounded up to the next whole second of the child's own."""
    memory_bytes: int = 1 << 30
    """By which a child may grow while it decodes."""
    waiting: int = 20
    """Pictures that may wait for a child; further ones are refused at once."""
    wait_seconds: float = 20.0
    """How long each of them may."""
    pictures_each: int = 200
    """After so many, a child is replaced."""
    resident_bytes: int = 400 << 20
    """A child that holds more after a picture is replaced."""


@dataclass(frozen=True, slots=True)
class Quotas:
    """Of one member. Bytes are those of the files that are made of a picture, all widths together."""

    pictures_a_day: int = 500
    bytes_a_day: int = 250 << 20
    pictures: int = 50_000
    """In all, as long as they are kept."""
    bytes: int = 10 << 30
    """The same."""
