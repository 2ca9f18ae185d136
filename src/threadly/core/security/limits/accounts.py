"""Guesses at one account's password from many addresses: whose limit an attempt is under, by the name that it names.

    account = Limit("account", 20, seconds=3600)
    key = await accounts.key(name, network)                 # before the password is looked at
    verdict = await limiter.spend(Asked(account, key))
    await accounts.remember(name, network)                  # it was right

All that is tried from anywhere for one name counts together. A network from which somebody got in under that name,
lately, counts by itself: so whoever guesses from elsewhere uses up what strangers have, and not what its owner has at
home. Whether there is such an account is not asked, and makes no difference.

Guaranteed: names and networks are kept as keyed digests alone, by the key of the ring that signs; a network is known by
any of them. Not guaranteed: that a network is remembered; where the
store has forgotten, or cannot be asked, its owner is a stranger for once. To be known by the network is as much as its
neighbours are: who guesses from there has the owner's own limit to use up, and the one of the address.
"""

import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from hashlib import blake2b
from typing import Final

from redis.exceptions import RedisError

from threadly.core.keys import KeyRing
from threadly.core.security.limits.patience import Patience
from threadly.core.security.limits.store import Client

REMEMBERED: Final = timedelta(days=180)
"""How long a network is known since somebody got in from there."""
_PURPOSE: Final = "accounts"
_DIGEST_BYTES: Final = 16
_MOST_CHARACTERS: Final = 254
"""Of a name that are looked at: an e-mail address has no more, and compatible forms of a long text may take minutes."""
_PATIENCE_SECONDS: Final = 0.1
_FAILURES: Final = (RedisError, OSError, TimeoutError)


class Accounts:
    """Names that somebody signs in by.

    Args:
        client: A client of `redis.asyncio`; it is not closed here.
        ring: Whose keys make the digests.
        prefix: What all keys begin with.
    """

    def __init__(self, client: Client, ring: KeyRing, *, prefix: str = "threadly") -> None:
        self._client = client
        self._ring = ring
        self._prefix = f"{prefix}:{{known}}:"
        self._patience = Patience(_PATIENCE_SECONDS)

    async def key(self, name: str, network: str) -> str:
        """The key of the limit that an attempt is under."""
        known = [_digest(key.derived(_PURPOSE), name, network) for key in self._ring.keys]
        return _digest(self._secret, name, network if await self._is_any_known(known) else "")

    async def remember(self, name: str, network: str) -> None:
        """That somebody got in by this name from this network just now; if the store can be told."""
        seconds, digest = int(REMEMBERED.total_seconds()), _digest(self._secret, name, network)
        with suppress(*_FAILURES):  # whoever limits tells that the store is gone
            await self._patience.wait(self._client.execute_command("SET", self._prefix + digest, 1, "EX", seconds))

    @property
    def _secret(self) -> bytes:
        return self._ring.secret(_PURPOSE)

    async def _is_any_known(self, digests: Sequence[str]) -> bool:
        try:
            keys = (self._prefix + digest for digest in digests)
            return bool(await self._patience.wait(self._client.execute_command("EXISTS", *keys)))
        except _FAILURES:
            return False


def _digest(secret: bytes, name: str, network: str) -> str:
    text = f"{network}\0{normalised(name)}"
    digest = blake2b(text.encode(), key=secret, digest_size=_DIGEST_BYTES)  # habit: signed-by-the-ring - its secret
    return digest.hexdigest()


def normalised(name: str) -> str:
    """A name as no spelling of it gets around: compatible forms, case and white space make no difference."""
    return " ".join(unicodedata.normalize("NFKC", name[:_MOST_CHARACTERS]).casefold().split())
