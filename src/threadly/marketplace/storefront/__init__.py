"""What a shopper looks at, composed from the other slices: the one place that reads their tables together."""

from threadly.marketplace.storefront.details import listing, preview
from threadly.marketplace.storefront.facets import counted
from threadly.marketplace.storefront.finding import found, searched
from threadly.marketplace.storefront.lists import MOST_CARDS, PAGE_SIZE, cards
from threadly.marketplace.storefront.own import Own, OwnCard, OwnPage, OwnPhoto, Shelf, own, shelf, shelves
from threadly.marketplace.storefront.views import (
    Card,
    CategoryStep,
    ColourShown,
    Detail,
    Facets,
    FacetValue,
    Found,
    Page,
    Photo,
    PriceBand,
    Searched,
    Seller,
    SellerProfile,
    Total,
    Visitor,
)
from threadly.marketplace.storefront.visitors import visitor
from threadly.marketplace.storefront.wanted import MOST_CHOSEN, Sort, Wanted

__all__ = [
    "MOST_CARDS",
    "MOST_CHOSEN",
    "PAGE_SIZE",
    "Card",
    "CategoryStep",
    "ColourShown",
    "Detail",
    "FacetValue",
    "Facets",
    "Found",
    "Own",
    "OwnCard",
    "OwnPage",
    "OwnPhoto",
    "Page",
    "Photo",
    "PriceBand",
    "Searched",
    "Seller",
    "SellerProfile",
    "Shelf",
    "Sort",
    "Total",
    "Visitor",
    "Wanted",
    "cards",
    "counted",
    "found",
    "listing",
    "own",
    "preview",
    "searched",
    "shelf",
    "shelves",
    "visitor",
]
