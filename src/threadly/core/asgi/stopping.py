"""Whether the server is about to stop: it says so some time before it accepts nothing more.

A server that says it puts a function into its lifespan's state, as `threadly.serving` does; ASGI has no event for it.
"""

from collections.abc import Callable
from typing import Final

from threadly.core.asgi.types import Scope

STOPPING: Final = "threadly.stopping"
"""Where the function stands in the state of the lifespan."""


def stopping(lifespan: Scope) -> Callable[[], bool]:
    """The function that tells; where the server has none, it is never about to stop."""
    told = (lifespan.get("state") or {}).get(STOPPING)
    return told if callable(told) else _never


def _never() -> bool:
    return False
