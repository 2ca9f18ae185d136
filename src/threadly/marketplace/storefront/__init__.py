"""What a shopper looks at, composed from the other slices: the one place that reads their tables together."""

from threadly.marketplace.storefront.details import listing
from threadly.marketplace.storefront.lists import MOST_CARDS, PAGE_SIZE, Sort, Wanted, cards
from threadly.marketplace.storefront.views import (
    Card,
    CategoryStep,
    ColourShown,
    Detail,
    Page,
    Photo,
    Seller,
    SellerProfile,
    Visitor,
)
from threadly.marketplace.storefront.visitors import visitor

__all__ = [
    "MOST_CARDS",
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
    "Visitor",
    "Wanted",
    "cards",
    "listing",
    "visitor",
]
