"""Keeps what others try away from the application: pure ASGI, for any of them."""

from threadly.core.security.apart import Apart, came_apart
from threadly.core.security.bodies import NOTHING, Bodies
from threadly.core.security.concurrency import AtOnce, AtOnceReached, Slots, hold
from threadly.core.security.csrf import CrossOriginRefused, CsrfTokens, SameOrigin
from threadly.core.security.headers import SecurityHeaders, page_policy
from threadly.core.security.hosts import Hosts, HostUnknown, HttpsNeeded, HttpsOnly
from threadly.core.security.reports import CspReports

__all__ = [
    "NOTHING",
    "Apart",
    "AtOnce",
    "AtOnceReached",
    "Bodies",
    "CrossOriginRefused",
    "CspReports",
    "CsrfTokens",
    "HostUnknown",
    "Hosts",
    "HttpsNeeded",
    "HttpsOnly",
    "SameOrigin",
    "SecurityHeaders",
    "Slots",
    "came_apart",
    "hold",
    "page_policy",
]
