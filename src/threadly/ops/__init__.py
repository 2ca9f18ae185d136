"""For those who run a shop: is it alive, can it serve, and how is it."""

from threadly.ops.health import unwatched, watching

__all__ = ["unwatched", "watching"]
