"""What shoppers type: read, spelt right, and completed."""

from threadly.marketplace.search.events import RefreshTerms, RewriteDocuments
from threadly.marketplace.search.instruments import measured, told
from threadly.marketplace.search.jobs import refresh_terms, rewrite_documents
from threadly.marketplace.search.models import SearchTerm
from threadly.marketplace.search.nearest import MOST_NEAREST, nearest
from threadly.marketplace.search.policy import MOST_CHARACTERS, Query, parse
from threadly.marketplace.search.queries import (
    MOST_SUGGESTED,
    BrandSuggested,
    CategorySuggested,
    ListingSuggested,
    Suggestions,
    brands,
    suggestions,
)
from threadly.marketplace.search.service import refresh, renew, rewrite, speak
from threadly.marketplace.search.spelling import Meant, Spelling, meant, words_of

__all__ = [
    "MOST_CHARACTERS",
    "MOST_NEAREST",
    "MOST_SUGGESTED",
    "BrandSuggested",
    "CategorySuggested",
    "ListingSuggested",
    "Meant",
    "Query",
    "RefreshTerms",
    "RewriteDocuments",
    "SearchTerm",
    "Spelling",
    "Suggestions",
    "brands",
    "meant",
    "measured",
    "nearest",
    "parse",
    "refresh",
    "refresh_terms",
    "renew",
    "rewrite",
    "rewrite_documents",
    "speak",
    "suggestions",
    "told",
    "words_of",
]
