"""The errors of all workers of a server, in whoever collects: of those that live, and of those that have ended."""

from typing import Final

from threadly.core.observability.errors.groups import Said, decoded, merged

MOST_GROUPS: Final = 200
_MOST_GONE: Final = 64


class Merged:
    """A subscriber of the collector's.

    Guaranteed: bounded; a worker that was out of reach and speaks again is not counted twice, unless 64 others have
    gone meanwhile.
    """

    def __init__(self, *, most: int = MOST_GROUPS) -> None:
        self._most = most
        self._living: dict[str, Said] = {}
        self._gone: dict[str, Said] = {}
        self._before = Said([])

    def heard(self, worker: str, body: bytes) -> None:
        """A worker said something new.

        Raises:
            msgspec.DecodeError: It makes no sense.
        """
        self._living[worker] = decoded(body)
        self._gone.pop(worker, None)

    def gone(self, worker: str) -> None:
        """A worker has ended; what it said is kept."""
        said = self._living.pop(worker, None)
        if said is None:
            return
        self._gone[worker] = said
        if len(self._gone) > _MOST_GONE:
            first = next(iter(self._gone))
            self._before = merged((self._before, self._gone.pop(first)), most=self._most)

    def said(self) -> Said:
        """All of it."""
        return merged((self._before, *self._gone.values(), *self._living.values()), most=self._most)
