"""For those who run a shop: is it alive, can it serve, and how is it."""

from threadly.ops.health import PROBES, unwatched, watching

__all__ = ["PROBES", "unwatched", "watching"]
