"""What is to be done for searches behind the scenes."""

from typing import ClassVar
from uuid import UUID

from threadly.core.database.outbox import Job


class RefreshTerms(Job, frozen=True):
    """The words that shoppers use are to be gathered anew."""

    name: ClassVar[str] = "search.refresh_terms"


class RewriteDocuments(Job, frozen=True):
    """What listings are found by is to be written anew: the language has changed, or a name in the catalogue."""

    name: ClassVar[str] = "search.rewrite_documents"

    after: UUID | None = None
    """The last listing that was done."""
