"""Kinds of failures, made by hand."""

from datetime import UTC, datetime, timedelta

from threadly.core.observability.errors.groups import ERROR, Group, Sample

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


def a_group(id: str, *, count: int = 1, minute: int = 0, level: str = ERROR, message: str | None = None) -> Group:
    at = NOON + timedelta(minutes=minute)
    sample = None if message is None else Sample(at, {"type": "ValueError", "message": message})
    return Group(id, level, "ValueError", ("shop:sell",), at, at, "1.2", count, sample)
