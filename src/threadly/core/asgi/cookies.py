"""Whether a request claims to be somebody's."""

import re
from typing import Final

from threadly.core.asgi.types import Scope

SESSION_COOKIES: Final = ("threadly_session", "__Host-threadly_session")
"""Who sends one of these is somebody; the second is its name where the site is served over TLS."""

_SENT: Final = re.compile(rb"(?:^|;)[ \t]*(?:" + "|".join(map(re.escape, SESSION_COOKIES)).encode() + rb")[ \t]*=")


def has_session(scope: Scope) -> bool:
    """Whether the request carries a session cookie. Says nothing about whether it is good."""
    return any(name == b"cookie" and _SENT.search(value) is not None for name, value in scope["headers"])
