"""What one worker knows of one limit, by key."""

from dataclasses import dataclass
from typing import Final

from threadly.core.security.limits.limit import Limit
from threadly.core.security.limits.shards import Shards

MOST_LEASES: Final = 10_000


@dataclass(slots=True)
class Lease:
    """What was taken for a key, and not used yet."""

    left: int
    ends: float


class Book:
    """Times are those of the worker's own clock, which never goes back."""

    __slots__ = ("alone", "heard", "leases", "leasing", "limit")

    def __init__(self, limit: Limit, *, most_keys: int) -> None:
        self.limit = limit
        self.heard = Shards(most_keys)
        """When the whole burst is back, as far as the store has said. It may be later by now, never earlier."""
        self.alone = Shards(most_keys)
        """The same, as if each worker had let in as much as this one has, since it had to count by itself."""
        self.leases: dict[str, Lease] = {}
        self.leasing: set[str] = set()
        """Keys for which a lease is being asked for."""

    def early(self, key: str, cost: int, now: float) -> float:
        """By how many seconds this comes too early, as far as is known; 0.0 if the store must be asked."""
        full = self.heard.get(key)
        if full <= now:
            return 0.0
        early = full - now + self.limit.interval * cost - self.limit.tolerance
        return early if early > self.limit.slack else 0.0

    def take(self, key: str, cost: int, now: float) -> bool:
        """Takes this from what has been leased, if it is there."""
        lease = self.leases.get(key)
        if lease is None:
            return False
        if lease.ends <= now:
            del self.leases[key]
            return False
        if lease.left < cost:
            return False
        lease.left -= cost
        return True

    def give_back(self, key: str, cost: int) -> None:
        """Takes back what was taken of a lease for something that did not happen."""
        if (lease := self.leases.get(key)) is not None:
            lease.left += cost

    def keep(self, key: str, amount: int, asked_at: float, now: float) -> None:
        """Keeps what was leased beyond what was needed; beside an older lease, for no longer than that."""
        ends = asked_at + self.limit.lease_seconds
        lease = self.leases.get(key)
        if lease is not None and lease.ends > now and lease.left:
            lease.left += amount
        elif amount and (key in self.leases or len(self.leases) < MOST_LEASES or self._forget_one(now)):
            self.leases.pop(key, None)  # so that the first of them is the oldest
            self.leases[key] = Lease(amount, ends)

    def leased(self, key: str) -> int:
        """What is left of a lease."""
        lease = self.leases.get(key)
        return 0 if lease is None else lease.left

    def _forget_one(self, now: float) -> bool:
        """Whether the oldest lease has made room: all of one limit last equally long."""
        key = next(iter(self.leases))
        if self.leases[key].ends > now:
            return False
        del self.leases[key]
        return True


class Books:
    """One for each limit that was asked for.

    Args:
        most_keys: Of each.
    """

    def __init__(self, most_keys: int) -> None:
        self._most_keys = most_keys
        self._books: dict[str, Book] = {}

    def of(self, limit: Limit) -> Book:
        """That of this limit, by its name."""
        book = self._books.get(limit.name)
        if book is None:
            book = self._books[limit.name] = Book(limit, most_keys=self._most_keys)
        return book

    def all(self) -> list[Book]:
        """Those that there are by now."""
        return list(self._books.values())
