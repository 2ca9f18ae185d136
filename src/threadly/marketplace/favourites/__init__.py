"""Hearts: what members love, how much a listing is loved, and what is loved right now."""

from threadly.marketplace.favourites.errors import OwnListing
from threadly.marketplace.favourites.jobs import MendCounts, RefreshTrends, mend_counts, refresh_trends
from threadly.marketplace.favourites.models import Favourite, Trend
from threadly.marketplace.favourites.queries import mine
from threadly.marketplace.favourites.service import Hearts, add, find_trends, remove

__all__ = [
    "Favourite",
    "Hearts",
    "MendCounts",
    "OwnListing",
    "RefreshTrends",
    "Trend",
    "add",
    "find_trends",
    "mend_counts",
    "mine",
    "refresh_trends",
    "remove",
]
