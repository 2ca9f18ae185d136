"""Rate limits: so much within so long, for each visitor, over all workers of a site.

A limit is declared (`Limit`), and kept by one process alone (`LocalLimiter`), or by all that share a Valkey (`Limiter`
over a `ValkeyStore`), in any application of asyncio.
"""

from threadly.core.security.limits.asgi import Limited, LimitReached
from threadly.core.security.limits.keys import network_of
from threadly.core.security.limits.limit import MOST_A_SECOND, Alone, Asked, Limit, Sharing, Verdict
from threadly.core.security.limits.limiter import Limiter
from threadly.core.security.limits.local import LocalLimiter
from threadly.core.security.limits.store import Client, ValkeyStore

__all__ = [
    "MOST_A_SECOND",
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
    "network_of",
]
