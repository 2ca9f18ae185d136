"""What security events want to be told."""

from datetime import timedelta

from pydantic import Field

from threadly.core.config import Section


class EventSettings(Section):
    """What protections have seen, and for how long it is kept."""

    kept: timedelta = Field(default=timedelta(days=90), ge=timedelta(days=1), le=timedelta(days=3650))
    """How long security events are kept; older ones are forgotten by a job, once an hour."""
