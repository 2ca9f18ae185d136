"""The languages that a shop speaks: what stands in an address for each, its words, and how it writes money and days.

English is the source: a sentence that a language lacks is read in English. An address has one language, and so a page
has one: `/categories/women` in the shop's first, `/bg/categories/women` in Bulgarian.
"""

from threadly.languages.currencies import expect_currency
from threadly.languages.figures import Figures, decimals_of
from threadly.languages.language import Language
from threadly.languages.messages import Messages, TranslationMalformed, parse, read
from threadly.languages.spoken import IN_SCOPE, SOURCE, Languages, locale_of, shipped

__all__ = [
    "IN_SCOPE",
    "SOURCE",
    "Figures",
    "Language",
    "Languages",
    "Messages",
    "TranslationMalformed",
    "decimals_of",
    "expect_currency",
    "locale_of",
    "parse",
    "read",
    "shipped",
]
