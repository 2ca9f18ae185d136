"""Failures that nobody foresaw: grouped by kind, bounded, without what is private, and without noise.

Whoever meets one hands it to `Tracker.capture`, which counts it, keeps the kinds of its process for `/errors`, logs
new ones, and tells a `Receiver` as Sentry's; `Merged` adds up what all workers of a server say.
"""

from threadly.core.observability.errors.groups import (
    TOPIC,
    Group,
    Receiver,
    Report,
    Said,
    Sample,
    decoded,
    encoded,
    merged,
)
from threadly.core.observability.errors.merging import MOST_GROUPS, Merged
from threadly.core.observability.errors.noise import Noise, Rule
from threadly.core.observability.errors.settings import ErrorSettings
from threadly.core.observability.errors.tracker import Tracker

__all__ = [
    "MOST_GROUPS",
    "TOPIC",
    "ErrorSettings",
    "Group",
    "Merged",
    "Noise",
    "Receiver",
    "Report",
    "Rule",
    "Said",
    "Sample",
    "Tracker",
    "decoded",
    "encoded",
    "merged",
]
