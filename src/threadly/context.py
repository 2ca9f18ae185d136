"""What Threadly says of the work under way beside what every application says: whose it is, and about which listing."""

from collections import OrderedDict
from collections.abc import Mapping
from hashlib import blake2b
from typing import Final
from uuid import UUID

from threadly.core.observability import Work, current

_MOST_KNOWN: Final = 10_000


class ShopWork(Work, kw_only=True):
    """One request of the shop. Not guaranteed: that `member_id` may act; it is told, not judged."""

    member_id: str | None = None
    listing_id: str | None = None


def note_route(template: str | None, named: Mapping[str, object]) -> None:
    """All that is told from here on knows the route, and the listing, if the route's `listing_id` names one."""
    work = current()
    if work is not None:
        work.route = template
    if isinstance(work, ShopWork) and (id := named.get("listing_id")) is not None:
        work.listing_id = str(id)


def note_member(id: UUID) -> None:
    """All that is told from here on knows whose request it is."""
    if isinstance(work := current(), ShopWork):
        work.member_id = str(id)


def member_at_work() -> UUID | None:
    """Whose request it is, if that is known."""
    work = current()
    return UUID(work.member_id) if isinstance(work, ShopWork) and work.member_id is not None else None


class KnownSessions:
    """Whose sessions this process has lately found good: who is refused is told by it, and nobody is asked.

    Guaranteed: so many are kept; the one that was not seen for longest is forgotten first. Not guaranteed: that one is
    good still; it is told, not judged.
    """

    def __init__(self, most: int = _MOST_KNOWN) -> None:
        self._members: OrderedDict[bytes, UUID] = OrderedDict()
        self._most = most

    def remember(self, token: str, member_id: UUID) -> None:
        """It is good, and theirs."""
        key = _digest(token)
        self._members[key] = member_id
        self._members.move_to_end(key)
        if len(self._members) > self._most:
            self._members.popitem(last=False)

    def member(self, token: str) -> UUID | None:
        """Whose it was; None for one that was made up, or is not remembered."""
        return self._members.get(_digest(token))


def _digest(token: str) -> bytes:
    """Not the token: it is kept for longer than its session may last."""
    return blake2b(token.encode(), digest_size=16).digest()
