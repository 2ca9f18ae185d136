"""What the gathering of errors wants to be told."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from threadly.core.config import Secret, Section, address_of


class ErrorSettings(Section):
    """How failures that nobody foresaw are gathered, and whom they are told."""

    groups: int = Field(default=200, ge=1, le=1000)
    """How many kinds of failures each process keeps; the one that was not seen for longest goes first."""

    breadcrumbs: int = Field(default=20, ge=0, le=20)
    """How many of the last lines of the same request or job are told with a failure."""

    sample_every: timedelta = Field(default=timedelta(minutes=1), ge=timedelta(seconds=1), le=timedelta(days=1))
    """How often a failure that goes on is looked at closely, with its stack; all of them are counted."""

    samples_per_second: int = Field(default=10, ge=1, le=1000)
    """How many failures of all kinds are looked at closely, at most; all of them are counted."""

    sentry_dsn: Annotated[Secret, address_of("http", "https")] | None = Field(
        default=None, examples=["https://key@sentry.example/1"]
    )
    """The address of a project of Sentry, or of what speaks like it, that is told as well; nobody, if not set."""

    sentry_share: float = Field(default=1.0, gt=0.0, le=1.0)
    """Which share of what is looked at closely Sentry is told."""

    sentry_timeout: timedelta = Field(default=timedelta(seconds=2), ge=timedelta(0), le=timedelta(seconds=10))
    """How long a process that ends waits for Sentry to take what it has still to tell."""
