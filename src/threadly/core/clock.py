"""The time, aware and in UTC, from one place: what asks this module can be moved through time by a test."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present, aware, in UTC, to the microsecond."""
    return datetime.now(UTC)
