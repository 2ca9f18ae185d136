"""Times by key, in bounded memory, and without a stall: many small dictionaries instead of a large one.

Guaranteed: at most `most` keys; no operation moves more than a few thousand of them, so none takes a millisecond,
however many there are (a dictionary of a million entries stands still for tens of milliseconds when it grows). Where
there is no more room, what has lapsed goes first, then what would lapse next: a key that has spent little is forgotten
before one that has spent all. The garbage collector does not look at keys and times: they hold nothing.
"""

from typing import Final

SHARDS: Final = 1024
MASK: Final = SHARDS - 1
"""`hash(key) & MASK` is the number of a key's shard."""
_LEAST: Final = 8


class Shards:
    """When something lapses, by key.

    Args:
        most: Keys in all.
    """

    __slots__ = ("most_each", "shards")

    def __init__(self, most: int) -> None:
        self.shards: list[dict[str, float]] = [{} for _ in range(SHARDS)]
        self.most_each = max(_LEAST, most // SHARDS)
        """Keys of one shard: whoever finds more uses `set`, which makes room."""

    def __len__(self) -> int:
        return sum(map(len, self.shards))

    def get(self, key: str) -> float:
        """When this key lapses; 0.0 for one that is not there."""
        return self.shards[hash(key) & MASK].get(key, 0.0)

    def set(self, key: str, lapses: float, now: float) -> None:
        """From now on this key lapses at that time."""
        shard = self.shards[hash(key) & MASK]
        if len(shard) >= self.most_each and key not in shard:
            self._make_room(shard, now)
        shard[key] = lapses

    def drop(self, key: str) -> None:
        """Forgets a key."""
        self.shards[hash(key) & MASK].pop(key, None)

    def _make_room(self, shard: dict[str, float], now: float) -> None:
        """Room for a quarter, so that the next come at once."""
        kept = sorted([lapses for lapses in shard.values() if lapses > now], reverse=True)
        most = self.most_each - self.most_each // 4
        least = kept[most] if len(kept) > most else now
        for key in [key for key, lapses in shard.items() if lapses <= least]:
            del shard[key]
