"""Keeps what others try away from the application: pure ASGI, for any of them."""

from threadly.core.security.csrf import CrossOriginRefused, SameOrigin
from threadly.core.security.headers import SecurityHeaders, page_policy

__all__ = ["CrossOriginRefused", "SameOrigin", "SecurityHeaders", "page_policy"]
