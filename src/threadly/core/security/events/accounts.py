"""What stands in events for the name that somebody typed: a keyed digest of it.

Guaranteed: under one key a name has one digest, however it is spelled, and there is no way back to it without the key.
Not guaranteed: that who has the key cannot try names; and a key that has left the ring takes its digests with it.
"""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

from threadly.core.keys import KeyRing
from threadly.core.security.limits.accounts import normalised

_DIGEST_BYTES: Final = 12
_PURPOSE: Final = "security events"


def digest_now(name: str, ring: KeyRing) -> str:
    """What stands for a name in what is recorded now: by the key that signs."""
    return _digest(name, ring.secret(_PURPOSE))


def digests(name: str, ring: KeyRing) -> Sequence[str]:
    """What may stand for a name in what was recorded: by each key of the ring, the newest first."""
    return [_digest(name, key.derived(_PURPOSE)) for key in ring.keys]


def _digest(name: str, secret: bytes) -> str:
    told = normalised(name).encode(errors="backslashreplace")
    digest = blake2b(told, key=secret, digest_size=_DIGEST_BYTES)  # habit: signed-by-the-ring - a secret of the ring
    return digest.hexdigest()
