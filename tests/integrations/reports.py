"""A failure for whoever is told of failures."""

from datetime import UTC, datetime

from threadly.core.observability.errors import Report
from threadly.core.observability.errors.groups import Group, Sample


def a_report() -> Report:
    """One that was looked at closely."""
    at = datetime(2026, 11, 27, 12, tzinfo=UTC)
    failure = {"type": "ValueError", "message": "no", "frames": ["threadly/app.py:10:create"]}
    group = Group("a1b2c3", "error", "ValueError", ("threadly.app:create",), at, at, "1.2", 3)
    return Report(group, Sample(at, failure, {"route": "/x", "member_id": "m1"}), "web 1", "production")
