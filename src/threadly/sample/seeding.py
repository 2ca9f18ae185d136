"""Sample data goes in: pictures are drawn, then everything is copied in one transaction.

Guaranteed: all or nothing, whatever happens in between; the same listings and seed give the same rows (the day gives
their moments, and so the front of their ids) and the same pictures; a marketplace that holds anything else is refused;
memory stays bounded, since rows are made a thousand at a time.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, cast
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from threadly.core import clock
from threadly.core.database import Database, ReadSession, Tx
from threadly.core.errors import Invalid
from threadly.marketplace import catalog, favourites, media, search
from threadly.marketplace.catalog import Brand, Category, Reference, Size
from threadly.marketplace.listings import Listing
from threadly.marketplace.media import Picture, Store
from threadly.marketplace.members import Member
from threadly.sample import encoding, rows
from threadly.sample.counters import Leaf, counter
from threadly.sample.descriptions import voices
from threadly.sample.errors import MarketplaceBusy, MarketplaceNotEmpty
from threadly.sample.exhibition import Exhibition, Shop, exhibit
from threadly.sample.filling import load, tidy
from threadly.sample.loading import Driver
from threadly.sample.looks import Outfit
from threadly.sample.people import Person, people, shares
from threadly.sample.progress import OnProgress, Progress
from threadly.sample.rows import Plan, Seller
from threadly.sample.shelves import Shelves
from threadly.sample.stock import Stock, stock

MOST_LISTINGS: Final = 20_000_000
LOCK_WAIT: Final = timedelta(seconds=30)
"""How long others may keep the tables for themselves."""

_SELLER_FACES: Final = 1 << 16
_LEAF: Final = 3


@dataclass(frozen=True, slots=True)
class Seeded:
    """What the marketplace holds now."""

    listings: int
    members: int
    pictures: int
    already_there: bool
    """Nothing was to be done: this very data was there."""


async def seed(
    db: Database,
    store: Store,
    *,
    listings: int,
    seed: int = 1,
    currency: str = "EUR",
    until: datetime | None = None,
    on_progress: OnProgress | None = None,
    assortment: Stock | None = None,
    reference: Reference | None = None,
    hanging: Mapping[str, str] | None = None,
) -> Seeded:
    """Fills an empty, migrated marketplace with believable sample data, its catalogue included.

    Args:
        db: Where to. Its members, pictures and listings are locked while rows go in.
        store: Where pictures go; what was drawn before is used again.
        listings: How many, at least 1. A few hundred sellers and some hundred looks share them.
        seed: Which of all possible shops.
        currency: Of all prices, ISO 4217.
        until: When the youngest listing was made at the latest; the beginning of today if not given.
        on_progress: Hears, on this event loop, how far which step is.
        assortment: What the shop deals in; a bit of everything if not given.
        reference: The catalogue; Threadly's own if not given.
        hanging: For a leaf of another catalogue, by its path, the leaf of Threadly's whose things hang there. A leaf
            that both have needs no mention.

    Raises:
        Invalid: Not a number of listings, or a leaf is named that is not there.
        NothingToHang: There is nothing to sell in this catalogue.
        MarketplaceNotEmpty: The marketplace holds something else. Nothing was changed.
        MarketplaceBusy: Somebody kept the tables for themselves for half a minute. Nothing was changed.
        DatabaseUnavailable: The connection was lost. Nothing was changed.
        PicturesUnstorable: The store does not take the pictures. Nothing was changed.
    """
    if not 1 <= listings <= MOST_LISTINGS:
        raise Invalid(f"Sample data has 1 to {MOST_LISTINGS:,} listings.", listings=listings)
    day = until or clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    shelves = Shelves.of(assortment or stock(), reference, hanging or {})
    shop = Shop(listings=listings, seed=seed, currency=currency, until=day, stock=shelves.stock)
    members = people(listings, seed, day)
    async with db.read() as read:
        if await _is_there(read, members):
            return await _counted(read)
    told = on_progress or _nobody
    shown = await exhibit(shop, members, store, told)
    await db.run(media.note, *{drawn.name for drawn in shown.rows().values()})
    shown = await exhibit(shop, members, store, told)  # unless noted, old files may have been cleaned up meanwhile
    return await fill(db, shop, shown, told, shelves)


async def fill(
    db: Database, shop: Shop, exhibition: Exhibition, told: OnProgress, shelves: Shelves | None = None
) -> Seeded:
    """Puts the rows in; what they show is ready. Raises as `seed` does."""
    members = people(shop.listings, shop.seed, shop.until)
    async with _alone(db) as (tx, driver):
        if await _is_there(tx, members):  # somebody was quicker
            return await _counted(tx)
        hung = shelves or Shelves.of(shop.stock, None, {})
        await catalog.install(tx, hung.reference)
        plan = await planned(tx, shop, members, exhibition, hung.places)
        await load(driver, shop, members, exhibition, rows.chunks(plan), told)
        await search.refresh(tx)
        await favourites.find_trends(tx, now=shop.until)
    await tidy(db)
    return Seeded(listings=shop.listings, members=len(members), pictures=len(exhibition.rows()), already_there=False)


async def planned(
    read: ReadSession,
    shop: Shop,
    members: Sequence[Person],
    exhibition: Exhibition,
    places: Mapping[str, str] | None = None,
) -> Plan:
    """Everything that decides the rows, from what is in the catalogue.

    Args:
        places: Where in the catalogue a leaf of the sample hangs, if not at the same path.
    """
    ours = {own: path for path, own in (places or {}).items()}
    brands = {brand.name: brand.id for brand in await read.execute(select(Brand.name, Brand.id))}
    sizes: dict[str | None, list[tuple[str, UUID]]] = {}
    for system, label, id in await read.execute(select(Size.system, Size.label, Size.id).order_by(Size.position)):
        sizes.setdefault(system, []).append((label, id))
    columns = (Category.path, Category.department_id, Category.parent_id, Category.id, Category.size_system)
    leaves = {
        ours.get(path, path): Leaf(
            path=ours.get(path, path),
            place=(department, cast("UUID", group), id),
            system=system,
            sizes=sizes.get(system, []),
        )
        for path, department, group, id, system in await read.execute(select(*columns).where(Category.depth == _LEAF))
    }
    outfits: dict[str, list[Outfit]] = {}
    for outfit in shop.outfits():
        outfits.setdefault(outfit.leaf, []).append(outfit)
    return Plan(
        listings=shop.listings,
        seed=shop.seed,
        until=shop.until,
        currency=shop.currency,
        counters=[
            counter(leaves[path], shop.stock, brands, own, lambda look: exhibition.looks[look][0])
            for path, own in outfits.items()
        ],
        shares=[shop.stock.wares[path].share for path in outfits],
        sellers=_sellers(members),
        lovers=[encoding.uuid(person.id) for person in members],
    )


def _nobody(_progress: Progress) -> None:
    """Hears nothing."""


def _sellers(members: Sequence[Person]) -> list[Seller]:
    """65,536 throws, in which each member turns up as often as they sell."""
    spoken = voices()
    faces: list[Seller] = []
    weights = shares(tuple(members))
    total, passed = sum(weights), 0.0
    for person, weight in zip(members, weights, strict=True):
        passed += weight
        seller = Seller(encoding.uuid(person.id), person.language, spoken[person.language], person.language == "en")
        faces += [seller] * (round(_SELLER_FACES * passed / total) - len(faces))
    return faces


@asynccontextmanager
async def _alone(db: Database) -> AsyncIterator[tuple[Tx, Driver]]:
    """One transaction that has the tables for itself, as a session and as the driver's connection."""
    async with db.unhurried.connect() as connection, connection.begin():
        await _locked(connection)
        async with AsyncSession(connection, join_transaction_mode="rollback_only", expire_on_commit=False) as session:
            raw = await connection.get_raw_connection()
            yield Tx(session), raw.driver_connection


async def _locked(connection: AsyncConnection) -> None:
    wait = {"wait": f"{round(LOCK_WAIT.total_seconds() * 1000)}ms"}
    await connection.execute(text("SELECT set_config('lock_timeout', :wait, true)"), wait)
    try:
        await connection.execute(
            text(
                "LOCK TABLE members, pictures, listings, listing_pictures, listing_prices, favourites"
                " IN ACCESS EXCLUSIVE MODE"
            )
        )
    except DBAPIError as refusal:
        if getattr(refusal.orig, "sqlstate", None) == "55P03":  # lock_not_available
            raise MarketplaceBusy from refusal
        raise


async def _is_there(read: ReadSession, members: Sequence[Person]) -> bool:
    """Whether these members are in already; that nothing is, otherwise.

    Raises:
        MarketplaceNotEmpty: Something else is.
    """
    held = {
        table.__tablename__: (await read.execute(select(func.count()).select_from(table))).scalar_one()
        for table in (Member, Picture, Listing)
    }
    if not any(held.values()):
        return False
    first = members[0]
    found = (await read.execute(select(Member.id).where(Member.username == first.username))).scalar()
    if found is not None and _randomness(found) == _randomness(first.id):
        return True
    raise MarketplaceNotEmpty(None, **held)


def _randomness(id: UUID) -> int:
    """What of an id depends on the listings and the seed, and not on the day."""
    return id.int & ((1 << 62) - 1)


async def _counted(read: ReadSession) -> Seeded:
    count = {
        table: (await read.execute(select(func.count()).select_from(table))).scalar_one()
        for table in (Listing, Member, Picture)
    }
    return Seeded(listings=count[Listing], members=count[Member], pictures=count[Picture], already_there=True)
