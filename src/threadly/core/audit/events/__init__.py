"""The table of security events (`core.security.events`): written to, searched, and forgotten in time."""

from threadly.core.audit.events.prune import PruneEvents, prune_events
from threadly.core.audit.events.queries import EventKey, Found, Total, Wanted, search, totals
from threadly.core.audit.events.store import EventStore

__all__ = [
    "EventKey",
    "EventStore",
    "Found",
    "PruneEvents",
    "Total",
    "Wanted",
    "prune_events",
    "search",
    "totals",
]
