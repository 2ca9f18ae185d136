"""Rate limits: so much within so long, for each visitor, over all workers of a site.

A limit is declared (`Limit`), and kept by one process alone (`LocalLimiter`), or by all that share a Valkey (`Limiter`
over a `ValkeyStore`), in any application of asyncio.
"""

from threadly.core.security.limits.accounts import Accounts
from threadly.core.security.limits.asgi import Limited, LimitReached, limit_reached
from threadly.core.security.limits.keys import network_of
from threadly.core.security.limits.limit import MOST_A_SECOND, Alone, Asked, Limit, Sharing, Verdict
from threadly.core.security.limits.limiter import Limiter
from threadly.core.security.limits.local import LocalLimiter
from threadly.core.security.limits.store import Client, ValkeyStore

__all__ = [
    "MOST_A_SECOND",
    "Accounts",
    "Alone",
    "Asked",
    "Client",
    "Limit",
    "LimitReached",
    "Limited",
    "Limiter",
    "LocalLimiter",
    "Sharing",
    "ValkeyStore",
    "Verdict",
    "limit_reached",
    "network_of",
]
