"""How fast is each thing that the marketplace looks up, by key or as a list, among a million listings?

Everything that pages and endpoints read is here but searches, which `search` measures, and is asked each time for
somebody and something else; one seller in it has a tenth of all. Of each: how long it takes, and how much of that a
processor computes, here and in PostgreSQL, which on a busy machine is less; how many statements it is; and whether
PostgreSQL would read all of a table of over 10,000 rows for any of them, by the plan for these values and by the plan
for any.

    ./dev bench reads              1,000,000 listings, in some five minutes
    ./dev bench reads --quick      50,000, and a quarter of the questions
    ./dev bench reads --url …      a migrated database that is filled already
"""

import random
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias
from uuid import UUID

import asyncpg
import msgspec
import uvloop
from rich.console import Console
from rich.table import Table

from benchmarks import large_shop
from benchmarks.bustle import LARGEST, bustle
from benchmarks.percentiles import percentile
from benchmarks.stock import fill
from tests.statements import sent_to
from threadly.core import clock
from threadly.core.auth import AuthSettings, sessions
from threadly.core.config import Secret
from threadly.core.database import Cursors, Database, DatabaseSettings, ReadSession
from threadly.core.database.guard import scans, scans_for
from threadly.core.keys import KeyRing
from threadly.marketplace import catalog, favourites, listings, media, members, search, storefront
from threadly.marketplace.catalog import Place
from threadly.marketplace.storefront import Rail, Shelf, Sort, Told, Wanted

GOAL: Final = 5.0
"""Milliseconds, p95."""
CURSORS: Final = Cursors(KeyRing.of(b"benchmark" * 4))
LATER: Final = 3
"""Which page is asked for where one further down is."""

SORTS: Final = (Sort.NEWEST, Sort.PRICE_ASC, Sort.PRICE_DESC, Sort.MOST_LOVED)

Ask: TypeAlias = Callable[[ReadSession], Awaitable[object]]
_WHOM: Final = 500


@dataclass(frozen=True)
class Somebody:
    """A member."""

    id: UUID
    username: str


def _schedule(pid: int) -> Path:
    return Path(f"/proc/{pid}/schedstat")


@dataclass
class Shop:
    """What can be asked about."""

    db: Database
    places: dict[int, list[Place]]
    listings: list[UUID]
    drafts: list[tuple[UUID, UUID]]
    """With their sellers."""
    sellers: list[Somebody]
    buyers: list[Somebody]
    largest: Somebody
    pictures: list[UUID]
    servers: list[int]
    """PostgreSQL's processes that answer; none where they are on another machine."""
    rng: random.Random = field(default_factory=lambda: random.Random(1))

    @classmethod
    async def of(cls, db: Database, connection: Any) -> "Shop":  # noqa: ANN401 - asyncpg is untyped
        """What there is in a bustling shop."""

        async def people(condition: str) -> list[Somebody]:
            rows = await connection.fetch(f"select id, username from members where {condition} limit {_WHOM}")
            return [Somebody(**row) for row in rows]

        places = [Place(**row) for row in await connection.fetch("select id, depth::int, name, path from categories")]
        some = "select id, seller_id from listings where status = $1 order by md5(id::text) limit $2"
        busy = "select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
        async with db.read() as read:
            await storefront.trending(read)
            servers = [row["pid"] for row in await connection.fetch(busy)]
        [largest] = await people(f"username = '{LARGEST}'")
        return cls(
            db=db,
            places={depth: [place for place in places if place.depth == depth] for depth in (1, 2, 3)},
            listings=[row["id"] for row in await connection.fetch(some, "available", 4 * _WHOM)],
            drafts=[(row["id"], row["seller_id"]) for row in await connection.fetch(some, "draft", _WHOM)],
            sellers=await people("username like 'seller%'"),
            buyers=await people("username like 'buyer%'"),
            largest=largest,
            pictures=[row["id"] for row in await connection.fetch("select id from pictures limit 500")],
            servers=[pid for pid in servers if _schedule(pid).exists()],
        )

    def computed(self) -> float:
        """Seconds that this process and PostgreSQL's have computed so far."""
        theirs = sum(int(_schedule(pid).read_text().split()[0]) for pid in self.servers)
        return time.process_time() + theirs / 1e9

    def place(self) -> Place:
        """A category of any level."""
        return self.rng.choice(self.places[self.rng.choice((1, 2, 3))])

    def listing(self) -> UUID:
        """What is for sale."""
        return self.rng.choice(self.listings)

    def seller(self) -> Somebody:
        """A seller of ordinary size."""
        return self.rng.choice(self.sellers)

    def buyer(self) -> Somebody:
        """Somebody who puts hearts on things."""
        return self.rng.choice(self.buyers)


@dataclass(frozen=True)
class Look:
    """Something that is looked up."""

    name: str
    statements: int
    """At most."""
    asked: Callable[[Shop], Awaitable[Ask]]
    """Makes one question of this kind; what goes before it is not measured."""


def _plainly(name: str, statements: int, ask: Callable[[Shop], Ask]) -> Look:
    async def asked(shop: Shop) -> Ask:
        return ask(shop)

    return Look(name, statements, asked)


def _further(name: str, statements: int, ask: Callable[[Shop], Callable[[ReadSession, str | None], Any]]) -> Look:
    """A page further down: those before it are asked for first."""

    async def asked(shop: Shop) -> Ask:
        page, after = ask(shop), None
        async with shop.db.read() as read:
            for _ in range(LATER - 1):
                after = (await page(read, after)).next or after
        return lambda read: page(read, after)

    return Look(name, statements, asked)


def _newest(_shop: Shop) -> Any:  # noqa: ANN401
    return _cards(Wanted())


def _in_a_category(*sorts: Sort, banded: bool = False) -> Callable[[Shop], Any]:
    def ask(shop: Shop) -> Any:  # noqa: ANN401
        wanted = Wanted(category=shop.place(), sort=shop.rng.choice(sorts))
        if banded:
            lowest = shop.rng.randrange(5_00, 150_00)
            highest = lowest + shop.rng.choice((1_00, 20_00))
            wanted = msgspec.structs.replace(wanted, min_price_minor=lowest, max_price_minor=highest)
        return _cards(wanted)

    return ask


def _cards(wanted: Wanted) -> Any:  # noqa: ANN401
    return lambda read, after=None: storefront.cards(read, wanted, CURSORS, after=after)


def _rail(whose: Callable[[Shop], Somebody], rail: Rail) -> Callable[[Shop], Any]:
    def ask(shop: Shop) -> Any:  # noqa: ANN401
        member_id = whose(shop).id
        return lambda read, after=None: storefront.rail(read, member_id, rail, CURSORS, after=after)

    return ask


def _shelf(whose: Callable[[Shop], Somebody], on: Shelf) -> Callable[[Shop], Any]:
    def ask(shop: Shop) -> Any:  # noqa: ANN401
        seller_id = whose(shop).id
        return lambda read, after=None: storefront.shelf(read, seller_id, on, CURSORS, after=after)

    return ask


def _hearts(whose: Callable[[Shop], Somebody]) -> Callable[[Shop], Any]:
    def ask(shop: Shop) -> Any:  # noqa: ANN401
        member_id = whose(shop).id
        return lambda read, after=None: storefront.favourites_of(read, member_id, CURSORS, after=after)

    return ask


def _of_listing(ask: Callable[[ReadSession, UUID, UUID], Awaitable[object]]) -> Callable[[Shop], Ask]:
    def asked(shop: Shop) -> Ask:
        id, member_id = shop.listing(), shop.buyer().id
        return lambda read: ask(read, id, member_id)

    return asked


def _of_draft(ask: Callable[[ReadSession, UUID, UUID], Awaitable[object]]) -> Callable[[Shop], Ask]:
    def asked(shop: Shop) -> Ask:
        id, seller_id = shop.rng.choice(shop.drafts)
        return lambda read: ask(read, id, seller_id)

    return asked


def _of(whose: Callable[[Shop], Somebody], ask: Callable[[ReadSession, Somebody], Any]) -> Callable[[Shop], Ask]:
    def asked(shop: Shop) -> Ask:
        somebody = whose(shop)
        return lambda read: ask(read, somebody)

    return asked


async def _similar(shop: Shop) -> Ask:
    async with shop.db.read() as read:
        detail = await storefront.listing(read, shop.listing())
    return lambda read: storefront.similar(read, detail)


def _told(told: Told) -> Callable[[Shop], Awaitable[Ask]]:
    async def asked(shop: Shop) -> Ask:
        ids = [somebody.id for somebody in shop.sellers] if told is Told.MEMBERS else shop.listings
        first = shop.rng.choice(ids)
        return lambda read: storefront.entries(read, told, first=first, after=first)

    return asked


def _recognised(shop: Shop) -> Ask:
    token = shop.buyer().username.ljust(43, "-")

    async def ask(_read: ReadSession) -> object:
        found = await sessions.recognised(shop.db, token, settings=AuthSettings())
        assert found is not None
        return found

    return ask


def _hearts_of_a_page(shop: Shop) -> Ask:
    who, ids = shop.buyer().id, shop.rng.sample(shop.listings, 24)
    return lambda read: favourites.mine(read, who, ids)


def _whose_pictures(shop: Shop) -> Ask:
    who, ids = shop.seller().id, shop.rng.sample(shop.pictures, 10)
    return lambda read: media.owned(read, ids, who)


def _named(shop: Shop) -> Ask:
    path = shop.place().path
    return lambda read: catalog.named(read, path)


def _largest(shop: Shop) -> Somebody:
    return shop.largest


def _anybody(shop: Shop) -> Somebody:
    return shop.seller()


def _lover(shop: Shop) -> Somebody:
    return next(buyer for buyer in shop.buyers if buyer.username == "buyer1")


def _buyer(shop: Shop) -> Somebody:
    return shop.buyer()


LOOKS: Final = (
    _plainly("the newest", 1, _newest),
    _further("the newest, further down", 1, _newest),
    *(_plainly(f"a category, {sort.value}", 1, _in_a_category(sort)) for sort in SORTS),
    _further("a category, further down", 1, _in_a_category(*SORTS)),
    _plainly("a price band, cheapest", 1, _in_a_category(Sort.PRICE_ASC, banded=True)),
    _plainly("a price band, newest", 1, _in_a_category(Sort.NEWEST, banded=True)),
    _plainly("trending", 1, lambda _: storefront.trending),
    _plainly("a listing", 2, _of_listing(lambda read, id, _: storefront.listing(read, id))),
    _plainly(
        "a listing, for a member", 2, _of_listing(lambda read, id, who: storefront.listing(read, id, seen_by=who))
    ),
    Look("what is similar", 1, _similar),
    _plainly("hearts of a page", 1, _hearts_of_a_page),
    _plainly("a member's hearts", 1, _hearts(_buyer)),
    _further("5,000 hearts, further down", 1, _hearts(_lover)),
    _plainly("a profile", 1, _of(_anybody, lambda read, who: storefront.profile(read, who.username))),
    _plainly("the largest profile", 1, _of(_largest, lambda read, who: storefront.profile(read, who.username))),
    *(
        look
        for rail in Rail
        for look in (
            _plainly(f"a member's {rail.value}", 1, _rail(_anybody, rail)),
            _further(f"the largest's {rail.value}, further down", 1, _rail(_largest, rail)),
        )
    ),
    *(
        look
        for on in Shelf
        for look in (
            _plainly(f"one's own {on.value}", 1, _shelf(_anybody, on)),
            _further(f"the largest's own {on.value}, further down", 1, _shelf(_largest, on)),
        )
    ),
    _plainly("one's own figures", 1, _of(_anybody, lambda read, who: storefront.totals(read, who.id))),
    _plainly("the largest's own figures", 1, _of(_largest, lambda read, who: storefront.totals(read, who.id))),
    _plainly("one to edit", 2, _of_draft(lambda read, id, seller: storefront.own(read, seller, id))),
    _plainly("a preview", 2, _of_draft(lambda read, id, seller: storefront.preview(read, seller, id))),
    _plainly(
        "whether one may edit",
        2,
        _of_draft(lambda read, id, seller: listings.expect_picture(read, seller_id=seller, listing_id=id)),
    ),
    _plainly("whose pictures", 1, _whose_pictures),
    _plainly("who is looking", 1, _of(_buyer, lambda read, who: storefront.visitor(read, who.id))),
    _plainly("a session", 1, _recognised),
    _plainly("one's sessions", 1, _of(_buyer, lambda read, who: sessions.of(read, who.id))),
    _plainly("an account", 1, _of(_buyer, lambda read, who: members.account(read, who.id))),
    _plainly("who signs in, by name", 1, _of(_buyer, lambda read, who: members.candidate(read, who.username.upper()))),
    _plainly(
        "who signs in, by e-mail",
        1,
        _of(_buyer, lambda read, who: members.candidate(read, f"{who.username}@shop.example")),
    ),
    _plainly("a kept password", 1, _of(_buyer, lambda read, who: members.kept_password(read, who.id))),
    _plainly("the tree of categories", 1, lambda _: catalog.tree),
    _plainly("a category by its path", 1, _named),
    _plainly("what to describe by", 4, lambda _: catalog.choices),
    _plainly("brands to pick from", 1, lambda _: search.brands),
    *(Look(f"1,000 {told.value} for a sitemap", 1, _told(told)) for told in Told),
)
"""All of them."""


@dataclass
class Seen:
    """What became of one kind of look."""

    seconds: list[float] = field(default_factory=list)
    computed: list[float] = field(default_factory=list)
    """Of these, seconds of a processor, of ours and PostgreSQL's."""
    statements: int = 0
    """The most that one of them was."""
    asked: dict[str, Sequence[Any]] = field(default_factory=dict)
    """Each statement with values that it was asked for."""
    scans: list[str] = field(default_factory=list)


async def look(shop: Shop, look: Look, *, times: int) -> Seen:
    """Asks so often, after a few times that only warm up; what is sent is counted beside that."""
    seen = Seen()
    for number in range(-10, times):
        question = await look.asked(shop)
        if number < 0:
            with sent_to(shop.db) as sent:
                await _ask(shop, question)
            seen.statements = max(seen.statements, len(sent))
            seen.asked |= dict(sent)
        else:
            computed, began = shop.computed(), time.perf_counter()
            await _ask(shop, question)
            seen.seconds.append(time.perf_counter() - began)
            seen.computed.append(shop.computed() - computed)
    return seen


async def _ask(shop: Shop, question: Ask) -> None:
    async with shop.db.read() as read:
        await question(read)


async def judge(seen: Seen, connection: Any) -> None:  # noqa: ANN401
    """Finds what reads all of a large table."""
    seen.scans = [*await scans_for(connection, seen.asked.items()), *await scans(connection, seen.asked)]


async def stocked(db: Database, url: str, listings: int) -> None:
    """Fills a migrated database: of so many listings, some four fifths are for sale."""
    await fill(url, listings=listings * 8 // 10)
    await bustle(url, listings=listings)
    await db.run(favourites.find_trends, now=clock.now())
    await db.run(search.refresh)


async def asked(console: Console, url: str, times: int) -> bool:
    """Measures one shop; whether the goal is met."""
    db = Database(DatabaseSettings(url=Secret(url), pool_size=2))
    connection = await asyncpg.connect(url)
    shop = await Shop.of(db, connection)
    found = {one.name: await look(shop, one, times=times) for one in LOOKS}
    for seen in found.values():
        await judge(seen, connection)
    count = await connection.fetchval("select count(*) from listings")
    await connection.close()
    await db.close()
    return report(console, count, found)


def report(console: Console, listings: int, found: dict[str, Seen]) -> bool:
    """One line a kind; whether all are quick enough, are as many statements as they may be, and scan nothing."""
    table = Table(title=f"What is looked up among {listings:,} listings, milliseconds")
    for heading in ("", "p50", "p95", "p99", "computed", "p95", "statements", "scans"):
        table.add_column(heading, justify="right" if heading else "left", no_wrap=True)
    budgets, slow = {one.name: one.statements for one in LOOKS}, []
    for name, seen in found.items():
        p50, p95, p99 = (percentile(seen.seconds, percent) for percent in (50, 95, 99))
        is_well = p95 <= GOAL and seen.statements <= budgets[name] and not seen.scans
        slow += [] if is_well else [name]
        colour = "green" if is_well else "red"
        times = (f"{p50:.2f}", f"[{colour}]{p95:.2f}[/]", f"{p99:.2f}")
        computed = [f"{percentile(seen.computed, percent):.2f}" for percent in (50, 95)]
        table.add_row(name, *times, *computed, str(seen.statements), str(len(seen.scans)))
    console.print(table)
    for seen in found.values():
        for line in seen.scans:
            console.print(line, markup=False)
    worst, most = (max(percentile(times, 95) for times in of) for of in _both(found))
    console.print(
        f"goal: p95 at most {GOAL} ms, no sequential scan: "
        + (f"{len(slow)} of {len(found)} missed" if slow else f"met by all {len(found)}")
        + f"; the slowest p95 {worst:.2f}, computed {most:.2f}"
    )
    return not slow


def _both(found: dict[str, Seen]) -> tuple[list[list[float]], list[list[float]]]:
    return [seen.seconds for seen in found.values()], [seen.computed for seen in found.values()]


if __name__ == "__main__":
    sys.exit(0 if uvloop.run(large_shop.asked(large_shop.options(__doc__), fill=stocked, ask=asked)) else 1)
