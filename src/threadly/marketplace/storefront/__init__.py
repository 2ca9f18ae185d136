"""What a shopper looks at, composed from the other slices: the one place that reads their tables together."""

from threadly.marketplace.storefront.details import listing, preview, similar
from threadly.marketplace.storefront.finding import counted, found, searched
from threadly.marketplace.storefront.lists import MOST_CARDS, PAGE_SIZE
from threadly.marketplace.storefront.loved import favourites_of, trending
from threadly.marketplace.storefront.own import Own, OwnCard, OwnPage, OwnPhoto, Shelf, own, shelf
from threadly.marketplace.storefront.ranking import cards
from threadly.marketplace.storefront.sitemaps import MOST_ENTRIES, Entry, Told, entries, firsts
from threadly.marketplace.storefront.totals import Totals, totals
from threadly.marketplace.storefront.views import (
    Card,
    CategoryStep,
    ColourShown,
    Counted,
    Detail,
    Facets,
    FacetValue,
    Found,
    Page,
    Photo,
    PriceBand,
    Profile,
    Searched,
    Seller,
    SellerProfile,
    Total,
    Visitor,
)
from threadly.marketplace.storefront.visitors import visitor
from threadly.marketplace.storefront.wanted import MOST_CHOSEN, Sort, Wanted
from threadly.marketplace.storefront.wardrobes import Rail, profile, rail

__all__ = [
    "MOST_CARDS",
    "MOST_CHOSEN",
    "MOST_ENTRIES",
    "PAGE_SIZE",
    "Card",
    "CategoryStep",
    "ColourShown",
    "Counted",
    "Detail",
    "Entry",
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
    "Profile",
    "Rail",
    "Searched",
    "Seller",
    "SellerProfile",
    "Shelf",
    "Sort",
    "Told",
    "Total",
    "Totals",
    "Visitor",
    "Wanted",
    "cards",
    "counted",
    "entries",
    "favourites_of",
    "firsts",
    "found",
    "listing",
    "own",
    "preview",
    "profile",
    "rail",
    "searched",
    "shelf",
    "similar",
    "totals",
    "trending",
    "visitor",
]
