"""Copies a sample shop into empty, locked tables."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from threadly.core.database import Database
from threadly.sample import encoding, rows
from threadly.sample.exhibition import DRAWN_BEFORE, Exhibition, Shop, avatar_of
from threadly.sample.loading import Driver, copy, unindexed
from threadly.sample.people import Person
from threadly.sample.progress import OnProgress, Progress, Step

TABLES: Final = ("listings", "listing_pictures", "listing_prices", "favourites")
"""Those that are large enough to be filled without their indexes."""

_TIDY: Final = text("VACUUM (SKIP_LOCKED) listings, listing_pictures, listing_prices, favourites")
_BATCH: Final = 10  # chunks that a COPY takes: enough to forget its cost, few enough to hold


async def load(
    driver: Driver,
    shop: Shop,
    members: Sequence[Person],
    exhibition: Exhibition,
    chunks: Iterator[rows.Chunk],
    told: OnProgress,
) -> None:
    """Copies everything into empty, locked tables, and leaves them ready: indexed, checked, analysed."""
    await load_people(driver, shop, members, exhibition)

    def built(done: int, total: int) -> None:
        told(Progress(Step.INDEXES, done, total))

    # Prices are never taken back: for this transaction, of an empty table, they may be.
    await driver.execute("ALTER TABLE listing_prices DISABLE TRIGGER listing_prices_only_grows")
    async with unindexed(driver, TABLES, built):
        ready = 0
        while ready < shop.listings:
            pictured: list[bytes] = []
            priced: list[bytes] = []
            loved: list[bytes] = []
            batch = islice(chunks, _BATCH)
            await copy(driver, "listings", rows.LISTING_COLUMNS, _parted(batch, pictured, priced, loved), frozen=True)
            await copy(driver, "listing_pictures", rows.PICTURE_COLUMNS, pictured, frozen=True)
            await copy(driver, "listing_prices", rows.PRICE_COLUMNS, priced, frozen=True)
            await copy(driver, "favourites", rows.HEART_COLUMNS, loved, frozen=True)
            ready = min(ready + _BATCH * rows.CHUNK, shop.listings)
            told(Progress(Step.LISTINGS, ready, shop.listings))
    await driver.execute("ALTER TABLE listing_prices ENABLE TRIGGER listing_prices_only_grows")
    await driver.execute("ANALYZE members, pictures, listings, listing_pictures, listing_prices, favourites")


async def tidy(db: Database) -> None:
    """Marks visible the few pages that COPY leaves at the end of a batch; soon done, since their rows are frozen.

    Where that fails, autovacuum will do it: the shop is there already.
    """
    with suppress(DBAPIError):
        async with db.unhurried.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            await connection.execute(_TIDY)


def _parted(
    batch: Iterable[rows.Chunk], pictured: list[bytes], priced: list[bytes], loved: list[bytes]
) -> Iterator[bytes]:
    """The listings' rows, made while PostgreSQL takes those before; the others are put aside for their own tables."""
    for listing_rows, picture_rows, price_rows, heart_rows in batch:
        pictured.append(picture_rows)
        priced.append(price_rows)
        loved.append(heart_rows)
        yield listing_rows


async def load_people(driver: Driver, shop: Shop, members: Sequence[Person], exhibition: Exhibition) -> None:
    """Copies the members, and all pictures."""
    drawn_at = encoding.timestamp(shop.until - DRAWN_BEFORE)
    await copy(
        driver,
        "pictures",
        ("id", "name", "width", "height", "placeholder", "created_at", "unused_since"),
        [
            encoding.row(
                encoding.uuid(id),
                encoding.text(drawn.name),
                encoding.integer(drawn.width),
                encoding.integer(drawn.height),
                encoding.text(drawn.placeholder),
                drawn_at,
                encoding.NULL,
            )
            for id, drawn in exhibition.rows().items()
        ],
    )
    await copy(
        driver,
        "members",
        ("id", "username", "display_name", "bio", "place", "avatar_id", "joined_at"),
        [_member(person, exhibition) for person in members],
    )


def _member(person: Person, exhibition: Exhibition) -> bytes:
    avatar = avatar_of(person)
    return encoding.row(
        encoding.uuid(person.id),
        encoding.text(person.username),
        encoding.text(person.display_name),
        encoding.text(person.bio),
        encoding.text(person.place),
        encoding.uuid(exhibition.avatars[avatar][0] if avatar else None),
        encoding.timestamp(person.joined_at),
    )
