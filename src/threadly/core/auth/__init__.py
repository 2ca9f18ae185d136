"""Who is asking: sessions on the server, passwords that only their owner knows."""

from threadly.core.auth import sessions
from threadly.core.auth.actor import Actor
from threadly.core.auth.errors import SignInNeeded
from threadly.core.auth.sessions import Issued
from threadly.core.auth.settings import AuthSettings

__all__ = ["Actor", "AuthSettings", "Issued", "SignInNeeded", "sessions"]
