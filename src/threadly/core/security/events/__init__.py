"""What protections have seen, kept for whoever runs the site: typed, counted, searchable, and never in a request's way.

    events = SecurityEvents(store, settings, keys=ring)
    async with events.running():
        events.record(LimitHit(limit="auth", network=prefix_of(address)))

The same kind of the same subject within ten minutes counts up one row. Nobody waits: what is recorded is counted in
memory, and written in batches in the background (`SecurityEvents` says what is guaranteed).
"""

from threadly.core.security.events.accounts import digests
from threadly.core.security.events.kinds import (
    BodyRefused,
    CspViolation,
    CsrfViolation,
    LimitHit,
    PermissionRefused,
    SecurityEvent,
    SignInFailed,
    SuspiciousUpload,
    UnknownHost,
    every_event,
)
from threadly.core.security.events.networks import prefix_of
from threadly.core.security.events.noticing import IN_CORE, Maker, Noticing, network_of_client
from threadly.core.security.events.recorder import SecurityEvents
from threadly.core.security.events.rows import Row, Store
from threadly.core.security.events.settings import EventSettings

__all__ = [
    "IN_CORE",
    "BodyRefused",
    "CspViolation",
    "CsrfViolation",
    "EventSettings",
    "LimitHit",
    "Maker",
    "Noticing",
    "PermissionRefused",
    "Row",
    "SecurityEvent",
    "SecurityEvents",
    "SignInFailed",
    "Store",
    "SuspiciousUpload",
    "UnknownHost",
    "digests",
    "every_event",
    "network_of_client",
    "prefix_of",
]
