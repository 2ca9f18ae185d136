"""Keeps what others try away from the application: pure ASGI, for any of them."""

from threadly.core.security.csrf import CrossOriginRefused, SameOrigin

__all__ = ["CrossOriginRefused", "SameOrigin"]
