"""Keyset pages: where a page ended travels to the reader and back as an opaque, signed cursor.

Guaranteed: a cursor that was changed, made up, or made for another query is refused, in constant time, before
anything of it is decoded; and so is one whose key has left the ring. Not guaranteed: secrecy, since who holds a cursor
has seen the rows it points at; expiry.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from typing import Final, TypeVar

import msgspec

from threadly.core.errors import Invalid
from threadly.core.keys import KeyRing

KeyT = TypeVar("KeyT", bound=msgspec.Struct)

_PURPOSE: Final = "cursors"
_SIGNATURE_BYTES: Final = 16
_MOST_CHARACTERS: Final = 512


class CursorRejected(Invalid):
    """The cursor is not one that we gave out for this query."""

    code = "cursor_invalid"
    title = "This page marker does not belong to this list. Please start from the first page."


class Cursors:
    """Seals the key of a page's last row, and opens what comes back.

    Args:
        ring: Whose keys sign.
    """

    def __init__(self, ring: KeyRing) -> None:
        self._seal = ring.seal(_PURPOSE, size=_SIGNATURE_BYTES)

    def seal(self, key: msgspec.Struct, *, query: str) -> str:
        """A cursor for the page after `key` in the list that `query` describes: its filters and order."""
        payload = msgspec.msgpack.encode(key)
        return urlsafe_b64encode(self._seal.sign(_signed(payload, query)) + payload).rstrip(b"=").decode()

    def open(self, cursor: str, kind: type[KeyT], *, query: str) -> KeyT:
        """The key that was sealed.

        Raises:
            CursorRejected: Not ours, not whole, or for another query.
        """
        if len(cursor) > _MOST_CHARACTERS or not cursor.isascii():
            raise CursorRejected
        try:
            sealed = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except NotBase64:
            raise CursorRejected from None
        if urlsafe_b64encode(sealed).rstrip(b"=").decode() != cursor:  # the decoder skips what it does not know
            raise CursorRejected
        signature, payload = sealed[: self._seal.bytes], sealed[self._seal.bytes :]
        if not self._seal.fits(signature, _signed(payload, query)):
            raise CursorRejected
        try:
            return msgspec.msgpack.decode(payload, type=kind)
        except msgspec.DecodeError:  # signed by an older release, with another shape
            raise CursorRejected from None


def _signed(payload: bytes, query: str) -> bytes:
    return b"%d:%b%b" % (len(payload), payload, query.encode())
