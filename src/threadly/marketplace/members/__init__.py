"""Who sells and buys."""

from threadly.marketplace.members.models import Member

__all__ = ["Member"]
