"""Who is asking: sessions on the server, passwords that only their owner knows."""

from threadly.core.auth import passwords, sessions
from threadly.core.auth.actor import Actor
from threadly.core.auth.discreet import Discreet
from threadly.core.auth.errors import PasswordsBusy, SignInNeeded
from threadly.core.auth.passwords import Passwords
from threadly.core.auth.prune import PruneSessions, prune_sessions
from threadly.core.auth.sessions import Issued
from threadly.core.auth.settings import AuthSettings

__all__ = [
    "Actor",
    "AuthSettings",
    "Discreet",
    "Issued",
    "Passwords",
    "PasswordsBusy",
    "PruneSessions",
    "SignInNeeded",
    "passwords",
    "prune_sessions",
    "sessions",
]
