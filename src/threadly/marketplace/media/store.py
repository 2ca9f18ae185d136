"""Where pictures' files are: what the slice asks of a place, whichever it is."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Stored:
    """A file in the store."""

    file: str
    changed_at: datetime
    """By the store's own clock."""
    is_draft: bool = False
    """It is not whole, and was left by a crash if it is old."""


class Store(Protocol):
    """Keeps files by name. Every call ends within seconds, and says so when the place does not answer.

    Raises, each of them:
        PicturesUnstorable: It does not answer in time, or refuses.
    """

    async def put(self, file: str, content: bytes) -> None:
        """Stores a file, whole and durably, or not at all; one of this name is replaced, and so younger.

        Raises:
            PicturesOutOfSpace: It is full.
        """

    async def get(self, file: str) -> bytes:
        """A file's content.

        Raises:
            PictureNotFound: There is no such file.
        """

    async def delete(self, files: Sequence[str]) -> None:
        """Removes files; those that are not there are no error."""

    def listed(self) -> AsyncIterator[Sequence[Stored]]:
        """All that is there, a batch at a time; drafts that a crash left behind among them."""
