"""Passwords: what may be one, and Argon2id by which one is recognised.

Guaranteed: hashing runs in threads of its own, as many as there are cores, so that the event loop never waits for it,
and each yields its core to the loop (Linux); no more than `hash_queue` attempts wait, and one more is refused at once.
Whoever asks about a name that nobody has is made to wait for a hash as well. Not guaranteed: that two attempts take
exactly the same time.
"""

import os
import re
import threading
from asyncio import wrap_future
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Final, TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from threadly.core.auth.commonest import COMMONEST
from threadly.core.auth.errors import PasswordsBusy
from threadly.core.auth.settings import AuthSettings
from threadly.core.errors import Refusal
from threadly.core.text import normalised
from threadly.core.words import words

T = TypeVar("T")

LEAST: Final = 8
MOST: Final = 128
_SHORTEST_NAME: Final = 4
"""What is shorter may be in any password by chance."""
_NICE: Final = 10
_SPACES: Final = re.compile(r"[^\S ]")


def prepared(password: str) -> str:
    """The password as it is hashed, so that each keyboard's way of writing it is the same password (RFC 8265, 4.2).

    NFC: an é is an é. Not NFKC, which makes 2 of ², fi of the ligature and a half-width letter of a full-width one:
    it would let in passwords that were never chosen, and shorten the ones that were.
    """
    return _SPACES.sub(" ", normalised(password))


def refusal(password: str, *, about: Iterable[str] = ()) -> Refusal | None:
    """Why this cannot become somebody's password: its length, in characters; or that it would be the first guess.

    There is no rule about kinds of characters (NIST SP 800-63B): those give `Password1!`.

    Args:
        about: What others may know of its owner: a username, an address.
    """
    if (wrong := length_refusal(password)) is not None:
        return wrong
    folded = prepared(password).casefold()
    if folded in COMMONEST or len(set(folded)) == 1:
        return Refusal("password_common", words("Too many people use this one. Please choose another."))
    for name in about:
        if name.casefold() == folded or (len(name) >= _SHORTEST_NAME and name.casefold() in folded):
            return Refusal("password_names_you", words("It must not hold your username or address, which others know."))
    return None


def is_too_long(password: str) -> bool:
    """Whether this cannot be anybody's password; found out without reading much of it."""
    # NFC makes one character of four at most: of a Greek vowel with three accents.
    return len(password) > 4 * MOST or len(prepared(password)) > MOST


def excess_refusal(password: str) -> Refusal | None:
    """Why this is too long for a password."""
    if is_too_long(password):
        return Refusal("password_too_long", words("Please use {most} characters at most."), {"most": MOST})
    return None


def length_refusal(password: str) -> Refusal | None:
    """Why this is too long, or too short, for a password."""
    if (wrong := excess_refusal(password)) is not None:
        return wrong
    if len(prepared(password)) < LEAST:
        return Refusal("password_too_short", words("Please use {least} characters or more."), {"least": LEAST})
    return None


class Passwords:
    """Hashes passwords and recognises them.

    Args:
        settings: What a hash costs, and how many may wait.
        threads: How many are computed at once; as many as there are cores.
    """

    def __init__(self, settings: AuthSettings, *, threads: int | None = None) -> None:
        self._hasher = PasswordHasher(
            time_cost=settings.hash_passes,
            memory_cost=settings.hash_memory_kib,
            parallelism=settings.hash_lanes,
            type=Type.ID,
        )
        self._nobodys = _made_up(settings)
        count = threads or os.cpu_count() or 1
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="passwords", initializer=_yield_to_the_loop)
        self._free = threading.Semaphore(count + settings.hash_queue)

    def close(self) -> None:
        """Lets those under way finish, and forgets those that wait."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    async def hash(self, password: str) -> str:
        """What is kept of a password. Ask `refusal` first.

        Raises:
            PasswordsBusy: Too many wait already.
        """
        return await self._run(lambda: self._hasher.hash(prepared(password)))

    async def matches(self, password: str, kept: str | None) -> bool:
        """Whether this is the password of which `kept` is kept. Where nothing is kept it is not, and takes as long.

        Raises:
            PasswordsBusy: Too many wait already.
        """
        return await self._run(lambda: self._matches(password, kept or self._nobodys)) and kept is not None

    def is_outdated(self, kept: str) -> bool:
        """Whether it was hashed with other settings than today's."""
        return self._hasher.check_needs_rehash(kept)

    def _matches(self, password: str, kept: str) -> bool:
        try:
            return self._hasher.verify(kept, prepared(password))
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        if not self._free.acquire(blocking=False):
            raise PasswordsBusy
        try:
            future = self._threads.submit(work)
        except BaseException:
            self._free.release()
            raise
        future.add_done_callback(self._done)  # also when its caller has gone, and when it never began
        return await wrap_future(future)

    def _done(self, _: Future[T]) -> None:
        self._free.release()


def _made_up(settings: AuthSettings) -> str:
    """A hash that no password has, of today's cost: 16 bytes of salt and 32 of nothing."""
    cost = f"m={settings.hash_memory_kib},t={settings.hash_passes},p={settings.hash_lanes}"
    return f"$argon2id$v=19${cost}${'A' * 22}${'A' * 43}"


def _yield_to_the_loop() -> None:
    with suppress(AttributeError, OSError):  # elsewhere than on Linux, priority is the process's
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
