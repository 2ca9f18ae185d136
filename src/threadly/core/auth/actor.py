"""Who acts."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """A person who has shown who they are."""

    id: UUID
    """The member."""
    session_id: UUID
    """By which they did."""
