"""The languages that a shop speaks: what stands in an address for each, its words, and how it writes money and days.

English is the source: a sentence that a language lacks is read in English. An address has one language, and so a page
has one: `/categories/women` in the shop's first, `/bg/categories/women` in Bulgarian.
"""

from threadly.web.languages.figures import Figures
from threadly.web.languages.language import Language
from threadly.web.languages.messages import Messages, TranslationMalformed, read
from threadly.web.languages.prefixes import Prefixes
from threadly.web.languages.spoken import Languages

__all__ = ["Figures", "Language", "Languages", "Messages", "Prefixes", "TranslationMalformed", "read"]
