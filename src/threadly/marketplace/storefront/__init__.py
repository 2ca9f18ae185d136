"""What a shopper looks at, composed from the other slices: the one place that reads their tables together."""

from threadly.marketplace.storefront.lists import PAGE_SIZE, Sort, Wanted, cards
from threadly.marketplace.storefront.details import listing
from threadly.marketplace.storefront.views import (
    Card,
    CategoryStep,
    ColourShown,
    Detail,
    Page,
    Photo,
    Seller,
    SellerProfile,
)

__all__ = [
    "PAGE_SIZE",
    "Card",
    "CategoryStep",
    "ColourShown",
    "Detail",
    "Page",
    "Photo",
    "Seller",
    "SellerProfile",
    "Sort",
    "Wanted",
    "cards",
    "listing",
]
