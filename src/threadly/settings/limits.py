"""How much a visitor may ask within a minute."""

from pydantic import Field

from threadly.core.config import Section


class LimitsSettings(Section):
    """How much one visitor may ask within a minute, at once or one after another: whoever has signed in by themselves,
    all others by address (IPv6: by /64). Members of one household, or of one office, share what is by address."""

    auth: int = Field(default=10, ge=1, le=100_000)
    """Attempts to sign in or up, or to change a password, by address."""

    account: int = Field(default=20, ge=1, le=100_000)
    """Attempts within an hour to sign in by one name, from all addresses together; each network from which its owner
    got in within the last 180 days has as many for itself. Then this name has to wait, whoever it is from elsewhere."""

    payment: int = Field(default=20, ge=1, le=100_000)
    """Payments, and what leads to one."""

    upload: int = Field(default=10, ge=1, le=100_000)
    """Photos that are sent."""

    message: int = Field(default=30, ge=1, le=100_000)
    """Messages."""

    general: int = Field(default=100, ge=1, le=100_000)
    """All other requests that are answered for one alone: what is one's own, and pages while signed in."""

    search: int = Field(default=60, ge=1, le=100_000)
    """Searches."""

    webhook: int = Field(default=600, ge=1, le=100_000)
    """Calls of one service that tells us something."""

    wide: int = Field(default=3000, ge=1, le=1_000_000)
    """All requests of one address together, with files, pictures and pages that are the same for everybody."""

    address_at_once: int = Field(default=100, ge=1, le=100_000)
    """Requests of one address that each worker answers at the same time; further ones are refused, to be sent again
    a second later. A page with its pictures is about 30."""

    member_at_once: int = Field(default=20, ge=1, le=100_000)
    """Those of one member among them, wherever they come from; files and pictures are not counted."""

    widened: int = Field(default=1, ge=1, le=1_000_000)
    """All of these so many times as wide: for load tests, whose visitors have one address."""
