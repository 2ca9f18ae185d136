"""What is for sale, and what was."""

from threadly.marketplace.listings.errors import ListingNotFound
from threadly.marketplace.listings.models import Listing, ListingPicture, ListingStatus

__all__ = ["Listing", "ListingNotFound", "ListingPicture", "ListingStatus"]
