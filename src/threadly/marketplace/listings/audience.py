"""How often a listing is looked at, counted without a write for each look.

A process gathers who looked at what in memory; every few seconds one statement puts the new pairs in and adds them up.
A visitor counts once a day for a listing, in however many processes they turn up. Who they are is forgotten at once:
what is kept is a digest of address and user agent under a salt that follows from the site's key and the day: the key
that signed when the day began, so that a new one makes nobody another within a day. Of a user agent, which costs
nothing to make up, only as much goes into it as tells `HEADS` people behind one address apart.

Guaranteed: memory stays bounded, no page ever waits, and one address counts `HEADS` times a day for a listing at most.
Counting the same looks again adds nothing, so whose commit nobody answered are simply counted once more, within
`KEPT_DAYS`. Not guaranteed: every look. A process that is killed takes a few seconds of them along, and while the
database is away the buffer fills up, and what does not fit is dropped and counted. Pages that a cache answers are not
seen here either.
"""

import hashlib
import ipaddress
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple, cast
from uuid import UUID

from sqlalchemy import Date, LargeBinary, Table, Uuid, column, delete, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, Insert, insert

from threadly.core.database import Tx
from threadly.core.keys import KeyRing
from threadly.marketplace.listings.models import Listing, ListingView, ListingViews

MOST_WAITING: Final = 20_000
"""Pairs that a process keeps at most: some four megabytes."""
HEADS: Final = 5
"""Visitors that are told apart behind one address: a household, or what is counted of an office."""
KEPT_DAYS: Final = 2
"""Pairs are needed on their own day; a day more for clocks that disagree, and then they go."""
FORGOTTEN_AT_ONCE: Final = 10_000
_PURPOSE: Final = "looks"


class Look(NamedTuple):
    """Somebody looked at a listing on a day."""

    listing_id: UUID
    visitor: bytes
    day: date


class Audience:
    """Who looked at what, until it is counted. Belongs to one event loop.

    Args:
        ring: The site's; digests cannot be made without its keys.
        most: How many pairs wait at most.
    """

    def __init__(self, ring: KeyRing, *, most: int = MOST_WAITING) -> None:
        self._ring = ring
        self._most = most
        self._waiting: dict[Look, None] = {}
        self._salt: tuple[date, bytes] | None = None
        self.dropped = 0
        """How many looks found no room."""

    def __len__(self) -> int:
        return len(self._waiting)

    def saw(self, listing_id: UUID, *, address: str, agent: str, at: datetime) -> None:
        """Remembers a look, unless the same visitor's is waiting already."""
        day = at.date()
        told = f"{_line(address)}\0{_head(agent)}".encode(errors="replace")
        salt = self._salt_of(day)
        digest = hashlib.blake2b(told, key=salt, digest_size=16)  # habit: signed-by-the-ring - a secret of the ring
        look = Look(listing_id, digest.digest(), day)
        if look in self._waiting:
            return
        if len(self._waiting) >= self._most:
            self.dropped += 1
            return
        self._waiting[look] = None

    def take(self) -> list[Look]:
        """All that waits, which then waits no more."""
        looks, self._waiting = list(self._waiting), {}
        return looks

    def put_back(self, looks: Sequence[Look]) -> None:
        """What could not be counted waits again, as far as there is room."""
        for look in looks:
            if look in self._waiting:
                continue
            if len(self._waiting) >= self._most:
                self.dropped += 1
            else:
                self._waiting[look] = None

    def _salt_of(self, day: date) -> bytes:
        if self._salt is None or self._salt[0] != day:
            secret = self._ring.secret(_PURPOSE, at=datetime.combine(day, time.min, UTC))
            text = day.isoformat().encode()
            salt = hashlib.blake2b(text, key=secret, digest_size=32)  # habit: signed-by-the-ring - a secret of the ring
            self._salt = (day, salt.digest())
        return self._salt[1]


def _line(address: str) -> str:
    """The address; of IPv6 the first half, since the other half is for whoever has it to choose."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv4Address):
        return address
    return str(ip.ipv4_mapped or ipaddress.IPv6Network((int(ip) >> 64 << 64, 64)))


def _head(agent: str) -> int:
    digest = hashlib.blake2b(agent.encode(errors="replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") % HEADS


async def count(tx: Tx, looks: Sequence[Look]) -> None:
    """Counts looks that were not counted before; at listings that are not there, none. One statement."""
    await tx.execute(_counting(looks))


async def forget(tx: Tx, *, today: date) -> int:
    """Forgets up to 10,000 pairs that are no longer needed, and says how many."""
    old = (
        select(ListingView.listing_id, ListingView.visitor, ListingView.day)
        .where(ListingView.day < today - timedelta(days=KEPT_DAYS))
        .limit(FORGOTTEN_AT_ONCE)
        .cte("old")
    )
    gone = await tx.execute(
        delete(ListingView)
        .where(
            ListingView.listing_id == old.c.listing_id,
            ListingView.visitor == old.c.visitor,
            ListingView.day == old.c.day,
        )
        .returning(ListingView.day)
    )
    return len(gone.all())


def _counting(looks: Sequence[Look]) -> Insert:
    views, counts = cast("Table", ListingView.__table__), cast("Table", ListingViews.__table__)
    given = (
        func.unnest(
            literal([look.listing_id for look in looks], ARRAY(Uuid())),
            literal([look.visitor for look in looks], ARRAY(LargeBinary())),
            literal([look.day for look in looks], ARRAY(Date())),
        )
        .table_valued(column("listing_id", Uuid()), column("visitor", LargeBinary()), column("day", Date()))
        .render_derived("given")
    )
    # In order, so that of two processes with the same looks one waits for the other.
    columns = (given.c.listing_id, given.c.visitor, given.c.day)
    there = select(*columns).join(Listing, Listing.id == given.c.listing_id).order_by(*columns)
    fresh = (
        insert(views)
        .from_select(("listing_id", "visitor", "day"), there)
        .on_conflict_do_nothing()
        .returning(views.c.listing_id)
        .cte("fresh")
    )
    added = select(fresh.c.listing_id, func.count()).group_by(fresh.c.listing_id).order_by(fresh.c.listing_id)
    statement = insert(counts).from_select(("listing_id", "views"), added)
    total = counts.c.views + statement.excluded.views
    return statement.on_conflict_do_update(index_elements=[counts.c.listing_id], set_={"views": total})
