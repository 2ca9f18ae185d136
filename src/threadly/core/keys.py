"""A ring of keys: the newest signs, all of them verify, and what one has signed ends with it.

Each purpose has keys of its own, derived by HKDF (RFC 5869, SHA-256) under the purpose's name, so that what was signed
for one is nothing for another. A signature begins with the id of its key, which is when that was made.

A key that has just been made only verifies, for as long as the ring is told (`rests`): time to tell all processes of
it, one after the other. So no process meets a signature whose key it does not know. Where all keys are that new, the
oldest signs.

Guaranteed: an unknown id is refused as a wrong signature is, after the same work, and each comparison takes the same
time whatever differs. No representation shows a key. Not guaranteed: secrecy of what is signed; expiry, but by the key.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NoReturn

from threadly.core import clock

LEAST_CHARACTERS: Final = 32
"""Of a secret."""
ID_BYTES: Final = 4
"""Of the id, in front of each signature."""
SIGNATURE_BYTES: Final = 32
"""Of the longest signature, without its id."""

_FIRST: Final = datetime.fromtimestamp(0, UTC)
_ID: Final = "%Y%m%dT%H%M%SZ"
_FORM: Final = re.compile(r"([0-9]{8}T[0-9]{6}Z):([\x21-\x7e]{32,})")
_SALT: Final = b"threadly.core.keys/1"
_SECRET_BYTES: Final = 32
_LEAST_SIGNATURE: Final = 16
_NO_TIME: Final = timedelta(0)


class Key:
    """A secret, and since when there is one. Nothing shows it, and it cannot be pickled.

    Args:
        secret: 32 bytes or more, hard to guess.
        made: Aware, to the second, before 2106; the beginning of 1970, where nobody knows.
    """

    __slots__ = ("_extracted", "made")

    def __init__(self, secret: bytes, made: datetime = _FIRST) -> None:
        self.made = made
        self._extracted = hmac.digest(_SALT, secret, "sha256")

    @property
    def id(self) -> str:
        """When it was made, `20261127T234055Z`; `first` where nobody knows."""
        return "first" if self.made == _FIRST else f"{self.made:{_ID}}"

    @property
    def number(self) -> int:
        """The id in four bytes: seconds since the beginning of 1970."""
        return int(self.made.timestamp())

    def derived(self, purpose: str) -> bytes:
        """32 bytes for this purpose alone: the first block of HKDF-Expand."""
        return hmac.digest(self._extracted, purpose.encode() + b"\x01", hashlib.sha256)

    def __repr__(self) -> str:
        return f"<key {self.id}>"

    def __reduce_ex__(self, _: object) -> NoReturn:
        raise TypeError("a key is not pickled")

    @classmethod
    def read(cls, text: str) -> "Key":
        """The key that is written like this: `20261127T234055Z:…`, its id and 32 characters or more.

        Raises:
            ValueError: It is written otherwise; what it says is not repeated.
        """
        found = _FORM.fullmatch(text)
        try:
            made = datetime.strptime(found[1], _ID).replace(tzinfo=UTC) if found else _FIRST
        except ValueError:
            made = _FIRST
        if found is None or not 0 < made.timestamp() < 1 << 8 * ID_BYTES:
            raise ValueError("should be an id, a colon and 32 characters or more")
        return cls(found[2].encode(), made)


def made_now(*, after: datetime | None = None) -> str:
    """A new key, as it is written: its id, and 256 bits by chance.

    Args:
        after: Of the newest that there is; two of the same second would have the same id.
    """
    at = clock.now().replace(microsecond=0)
    if after is not None and at <= after:
        at = after + timedelta(seconds=1)
    return f"{at:{_ID}}:{secrets.token_urlsafe(_SECRET_BYTES)}"


class KeyRing:
    """Keys that know each other's signatures.

    Args:
        keys: At least one, in any order.
        rests: How long a new key only verifies.

    Raises:
        ValueError: There is none, or two have the same id or the same secret.
    """

    def __init__(self, keys: Iterable[Key], *, rests: timedelta = _NO_TIME) -> None:
        self.keys: Sequence[Key] = sorted(keys, key=lambda key: key.made, reverse=True)
        """The newest first."""
        self.rests = rests
        if not self.keys:
            raise ValueError("a ring without a key")
        if len({key.made for key in self.keys}) < len(self.keys):
            raise ValueError("two keys have the same id")
        if len({key.derived("") for key in self.keys}) < len(self.keys):
            raise ValueError("two keys have the same secret")

    @classmethod
    def of(cls, secret: bytes) -> "KeyRing":
        """A ring of one key that was always there."""
        return cls([Key(secret)])

    def signing(self, at: datetime | None = None) -> Key:
        """The key that signs, now or then."""
        at = at or clock.now()
        return next((key for key in self.keys if key.made + self.rests <= at), self.keys[-1])

    def seal(self, purpose: str, *, size: int = SIGNATURE_BYTES) -> "Seal":
        """What signs for one purpose.

        Args:
            size: Bytes of a signature, 16 to 32, without its key's id.
        """
        return Seal(self, purpose, size)

    def secret(self, purpose: str, *, at: datetime | None = None) -> bytes:
        """32 bytes of the key that signs, for a purpose that hides and does not sign."""
        return self.signing(at).derived(purpose)


class Seal:
    """Signs and verifies for one purpose: the key's id and HMAC-SHA-256, perhaps shortened as RFC 2104 allows."""

    __slots__ = ("_keys", "_nobodys", "_ring", "bytes")

    def __init__(self, ring: KeyRing, purpose: str, size: int) -> None:
        if not _LEAST_SIGNATURE <= size <= SIGNATURE_BYTES:
            raise ValueError("a signature has 16 to 32 bytes")
        self._ring = ring
        self._keys = {key.number.to_bytes(ID_BYTES, "big"): key.derived(purpose) for key in ring.keys}
        self._nobodys = secrets.token_bytes(_SECRET_BYTES)
        self.bytes = ID_BYTES + size
        """Of what it makes of a message."""

    def sign(self, message: bytes) -> bytes:
        """The id of the key that signs, and its signature."""
        name = self._ring.signing().number.to_bytes(ID_BYTES, "big")
        return name + hmac.digest(self._keys[name], message, "sha256")[: self.bytes - ID_BYTES]

    def fits(self, signature: bytes, message: bytes) -> bool:
        """Whether a key of the ring has signed this message so."""
        key = self._keys.get(signature[:ID_BYTES], self._nobodys)
        wanted = hmac.digest(key, message, "sha256")[: self.bytes - ID_BYTES]
        return hmac.compare_digest(signature[ID_BYTES:], wanted)
