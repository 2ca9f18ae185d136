"""The words that shoppers use: for spelling, and for suggestions as they type."""

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from threadly.core.database import Model


class SearchTerm(Model):
    """A word, or the name of a brand or category, and how many listings for sale it stands for.

    The table is small (some ten thousand rows) and made anew from time to time: see `service.refresh`.
    """

    __tablename__ = "search_terms"

    kind: Mapped[str] = mapped_column(primary_key=True)
    """`brand`, `category` or `word`."""
    term: Mapped[str] = mapped_column(primary_key=True)
    """As it is compared: small letters, without accents and apostrophes."""
    target: Mapped[str] = mapped_column(primary_key=True)
    """A brand's slug, a category's path; a word's own spelling."""
    label: Mapped[str]
    """As it is shown."""
    listings: Mapped[int]

    __table_args__ = (
        CheckConstraint("kind IN ('brand', 'category', 'word')", name="kind"),
        Index(
            "ix_search_terms_term",
            "term",
            postgresql_using="gin",
            postgresql_ops={"term": "gin_trgm_ops"},
            postgresql_with={"fastupdate": "off"},
        ),
        Index("ix_search_terms_begin", "term", postgresql_ops={"term": "text_pattern_ops"}),
    )
