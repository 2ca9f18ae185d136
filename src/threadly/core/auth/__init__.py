"""Who is asking."""

from threadly.core.auth.actor import Actor

__all__ = ["Actor"]
