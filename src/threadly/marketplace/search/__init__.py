"""What shoppers type: read, spelt right, and completed."""

from threadly.marketplace.search.models import SearchTerm
from threadly.marketplace.search.policy import MOST_CHARACTERS, Query, parse
from threadly.marketplace.search.queries import (
    BrandSuggested,
    CategorySuggested,
    ListingSuggested,
    Suggestions,
    suggestions,
)

__all__ = [
    "MOST_CHARACTERS",
    "BrandSuggested",
    "CategorySuggested",
    "ListingSuggested",
    "Query",
    "SearchTerm",
    "Suggestions",
    "parse",
    "suggestions",
]
