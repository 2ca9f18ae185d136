"""For those who run a shop: is it alive, and can it serve."""

from threadly.ops.health import PROBES, routes

__all__ = ["PROBES", "routes"]
