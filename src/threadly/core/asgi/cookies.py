"""Whether a request claims to be somebody's, and the cookie by which it does."""

from typing import Final

from threadly.core.asgi.headers import headers_by_name
from threadly.core.asgi.types import Scope

SESSION_COOKIES: Final = ("threadly_session", "__Host-threadly_session")
"""Who sends one of these is somebody; the second is its name where the site is served over TLS."""
READ_AFTER_COOKIES: Final = ("threadly_read_after", "__Host-threadly_read_after")
"""What whoever sends one of these has seen, so that they miss nothing of it where replicas answer."""

_NAMES: Final = frozenset(name.encode() for name in SESSION_COOKIES)


def has_session(scope: Scope) -> bool:
    """Whether the request carries a session cookie. Says nothing about whether it is good."""
    return not _NAMES.isdisjoint(headers_by_name(scope).cookies)


class SessionCookie:
    """The cookie of a site's sessions, or one beside it: one name, by how the site is served, and no other is believed.

    Over TLS it is `__Host-…`: browsers take it from this very host only, never from a neighbour's domain, and send it
    over TLS alone. Either way no script can read it, and other sites' forms do not send it (SameSite=Lax).
    """

    def __init__(self, *, is_secure: bool, names: tuple[str, str] = SESSION_COOKIES) -> None:
        self.name = names[is_secure]
        self._name = self.name.encode()
        self._ending = "; Path=/; HttpOnly; SameSite=Lax" + ("; Secure" if is_secure else "")

    def read(self, scope: Scope) -> str | None:
        """The value that the request carries."""
        value = headers_by_name(scope).cookies.get(self._name)
        return None if value is None else str(value, "latin-1")

    def setting(self, value: str, *, max_age_seconds: int) -> str:
        """What `Set-Cookie` says to keep a value."""
        return f"{self.name}={value}; Max-Age={max_age_seconds}{self._ending}"

    def clearing(self) -> str:
        """What `Set-Cookie` says to forget it."""
        return self.setting("", max_age_seconds=0)
