"""For tests: refuses what a request should not do with the database."""

from threadly.core.database.guard.scans import scans, scans_for
from threadly.core.database.guard.watching import Limits, Refused, Unit, guarding, watched

__all__ = ["Limits", "Refused", "Unit", "guarding", "scans", "scans_for", "watched"]
