"""Keyset pages: where a page ended travels to the reader and back as an opaque, signed cursor.

Guaranteed: a cursor that was changed, made up, or made for another query is refused, in constant time, before
anything of it is decoded. Not guaranteed: secrecy, since who holds a cursor has seen the rows it points at; expiry.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from typing import Final, TypeVar

import msgspec

from threadly.core.errors import Invalid

KeyT = TypeVar("KeyT", bound=msgspec.Struct)

_SIGNATURE_BYTES: Final = 16
_MOST_CHARACTERS: Final = 512


class CursorRejected(Invalid):
    """The cursor is not one that we gave out for this query."""

    code = "cursor_invalid"
    title = "This page marker does not belong to this list. Please start from the first page."


class Cursors:
    """Seals the key of a page's last row, and opens what comes back.

    Args:
        secret: The signing key, 32 bytes or more.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = hashlib.blake2b(secret, digest_size=32, person=b"threadly-cursor").digest()

    def seal(self, key: msgspec.Struct, *, query: str) -> str:
        """A cursor for the page after `key` in the list that `query` describes: its filters and order."""
        payload = msgspec.msgpack.encode(key)
        return urlsafe_b64encode(self._sign(payload, query) + payload).rstrip(b"=").decode()

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
        signature, payload = sealed[:_SIGNATURE_BYTES], sealed[_SIGNATURE_BYTES:]
        if not hmac.compare_digest(signature, self._sign(payload, query)):
            raise CursorRejected
        try:
            return msgspec.msgpack.decode(payload, type=kind)
        except msgspec.DecodeError:  # signed by an older release, with another shape
            raise CursorRejected from None

    def _sign(self, payload: bytes, query: str) -> bytes:
        signed = b"%d:%b%b" % (len(payload), payload, query.encode())
        return hashlib.blake2b(signed, key=self._secret, digest_size=_SIGNATURE_BYTES).digest()
