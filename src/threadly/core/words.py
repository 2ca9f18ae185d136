"""Marks sentences that people read, so that they are found for translation where they stand."""

from typing import NamedTuple


class Words(str):
    """A sentence in English, with `{names}` where values go: the key of its translations."""

    __slots__ = ()


class Counted(NamedTuple):
    """A sentence that counts something, in both of English's forms; `{count}` is the number."""

    one: str
    many: str


def words(text: str) -> Words:
    """The text itself. Which language it is read in is the face's business."""
    return Words(text)


def counted(one: str, many: str) -> Counted:
    """Both forms themselves: `counted("{count} day", "{count} days")`."""
    return Counted(one, many)
