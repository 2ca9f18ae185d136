"""Which limit a route is under: declared beside it, by its name here; how wide each is, the settings say."""

from enum import StrEnum

from threadly.core.security.limits import MOST_A_SECOND, Limit, Sharing


class Tier(StrEnum):
    """A kind of route."""

    AUTH = "auth"
    """Guesses at what only somebody knows: by address, and by member where somebody has signed in."""
    PAYMENT = "payment"
    """Moves money."""
    UPLOAD = "upload"
    """Takes pictures."""
    MESSAGE = "message"
    """Writes to somebody."""
    GENERAL = "general"
    """All else that is somebody's own."""
    SEARCH = "search"
    """Searches."""
    WEBHOOK = "webhook"
    """Called by other services: by address alone."""
    PAGE = "page"
    """The same for everybody who has no session: wide for them, general for who has one."""
    FILE = "file"
    """Files and pictures: wide."""


ACCOUNT = "account"
"""Attempts to sign in by one name, an hour: from wherever nobody got in by it lately, or from one network where
somebody did."""
EXACT = frozenset({Tier.AUTH, Tier.PAYMENT, Tier.UPLOAD, Tier.MESSAGE})
WIDE = "wide"
"""What each address has in all, whatever it asks for: by whom it says that it is nobody gets around that."""


def limit(name: str, quota: int) -> Limit:
    """The limit of this name; each minute so many, or each hour."""
    seconds = 3600.0 if name == ACCOUNT else 60.0
    sharing = Sharing.EXACT if name in EXACT or name == ACCOUNT else Sharing.LEASED
    return Limit(name, min(quota, int(seconds) * MOST_A_SECOND), seconds, sharing=sharing)
