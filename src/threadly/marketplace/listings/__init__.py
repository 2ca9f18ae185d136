"""What is for sale, and what was."""

from threadly.marketplace.listings.errors import ListingNotFound
from threadly.marketplace.listings.models import FOR_SALE, PUBLIC, SAMPLED, Listing, ListingPicture, ListingStatus

__all__ = ["FOR_SALE", "PUBLIC", "SAMPLED", "Listing", "ListingNotFound", "ListingPicture", "ListingStatus"]
