"""For those who run a shop: is it alive, and can it serve."""

from threadly.ops.health import routes

__all__ = ["routes"]
