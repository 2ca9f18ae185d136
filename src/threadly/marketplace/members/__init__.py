"""Who sells and buys."""

from threadly.marketplace.members.models import Credential, Member

__all__ = ["Credential", "Member"]
