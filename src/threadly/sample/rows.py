"""The rows of listings, their pictures, prices and hearts, encoded for COPY, fast: about 9 µs a listing with them all.

All that can be said beforehand is encoded beforehand (`Counter`, one a leaf). Each listing then costs a few throws of
dice: its 30 bytes of randomness choose from tables of 256 entries each.

Guaranteed: chunk `n` of the same plan has the same bytes, whatever was asked before; ids, and the moments that they
tell, ascend through the chunks; each leaf that is offered as often as once in a thousand occurs in each thousand.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from struct import Struct
from typing import Final, TypeAlias

from threadly.sample import encoding
from threadly.sample.chance import chance
from threadly.sample.counters import Counter, Hanging
from threadly.sample.descriptions import Voice

CHUNK: Final = 1000
"""Listings that are made at a time."""

Chunk: TypeAlias = tuple[bytes, bytes, bytes, bytes]
"""The encoded rows of listings, of their pictures, of their prices, and of their hearts."""

LISTING_COLUMNS: Final = (
    "id",
    "seller_id",
    "department_id",
    "group_id",
    "category_id",
    "brand_id",
    "size_id",
    "colour",
    "material",
    "condition",
    "status",
    "title",
    "description",
    "price_minor",
    "currency",
    "created_at",
    "updated_at",
    "published_at",
    "sold_at",
    "removed_at",
    "favourites",
)
PICTURE_COLUMNS: Final = ("listing_id", "position", "picture_id", "alt")
PRICE_COLUMNS: Final = ("listing_id", "price_minor", "currency", "at")
HEART_COLUMNS: Final = ("member_id", "listing_id", "created_at")

_YEAR: Final = 365 * 86_400 * 1_000_000  # µs
_HOUR: Final = 3600 * 1_000_000
_TO_UNIX: Final = 946_684_800_000  # ms between the epochs of Unix and of PostgreSQL
_SKEW: Final = 1.8  # over 1: more is recent
_BITS_62: Final = (1 << 62) - 1

_ID: Final = Struct(">iQQ").pack
_TIMES: Final = Struct(">iqiqiqii").pack
_PUBLISHED: Final = slice(24, 36)
"""The third field of `_TIMES`."""
_THROWS: Final = Struct(">14BHIQ")
_HEAD: Final = encoding.COUNT(len(LISTING_COLUMNS))
_PICTURE_HEAD: Final = encoding.COUNT(len(PICTURE_COLUMNS))
_PRICE_HEAD: Final = encoding.COUNT(len(PRICE_COLUMNS))
_HEART_HEAD: Final = encoding.COUNT(len(HEART_COLUMNS))

_AVAILABLE: Final = encoding.text("available")
_RESERVED: Final = encoding.text("reserved")
_SOLD: Final = encoding.text("sold")
_REMOVED: Final = encoding.text("removed")
_DRAFT: Final = encoding.text("draft")
_STATUSES: Final = (_DRAFT,) * 6 + (_REMOVED,) * 5 + (_RESERVED,) * 6 + (_SOLD,) * 26 + (_AVAILABLE,) * 213
"""Of 256 listings; what is hardly a day old is not sold yet."""

_LOVED: Final = tuple(int(30 * (face / 255) ** 30 + 1.7 * face / 255) for face in range(256))
"""How many hearts 256 listings have: most none, many one, a few very many."""
_GOLDEN: Final = 2_654_435_769  # 2³² by the golden ratio: its multiples spread hearts over a listing's time


@dataclass(frozen=True, slots=True)
class Seller:
    """A member as rows need one."""

    id_field: bytes
    language: str
    voice: Voice
    speaks_english: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """All that decides the rows."""

    listings: int
    seed: int
    until: datetime
    """No listing is younger."""
    currency: str
    counters: Sequence[Counter]
    shares: Sequence[float]
    """How often each counter sells."""
    sellers: Sequence[Seller]
    """65,536 of them: as many times each as it sells."""
    lovers: Sequence[bytes]
    """The id of each member, encoded."""


def chunks(plan: Plan) -> Iterator[Chunk]:
    """All rows, a thousand listings at a time."""
    for number in range(-(-plan.listings // CHUNK)):
        yield chunk(plan, number)


def chunk(plan: Plan, number: int) -> Chunk:
    """Listings from `number` × 1000 on."""
    first = number * CHUNK
    count = min(CHUNK, plan.listings - first)
    random = chance("rows", plan.listings, plan.seed, number)
    hung = _hung(plan, count, random.random())
    random.shuffle(hung)
    throws = _THROWS.iter_unpack(random.randbytes(_THROWS.size * count))
    until = encoding.microseconds(plan.until)
    total = plan.listings
    currency = encoding.text(plan.currency)
    sellers = plan.sellers
    length = encoding.LENGTH
    lovers = list(plan.lovers)
    random.shuffle(lovers)
    people = len(lovers)
    listings: list[bytes] = []
    pictures: list[bytes] = []
    prices: list[bytes] = []
    hearts: list[bytes] = []
    for index, (counter, throw) in enumerate(zip(hung, throws, strict=True), start=first):
        t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, jitter, rest = throw

        created = until - int(_YEAR * (1 - (index + jitter / 4_294_967_296) / total) ** _SKEW)
        id_field = _ID(16, (created // 1000 + _TO_UNIX) << 16 | 0x7000 | jitter & 0xFFF, 1 << 63 | rest & _BITS_62)
        status, times, published, gone = _life(created, until, t0, t1, t2)

        seller = sellers[t14]
        voice = seller.voice
        made_by = counter.makers[t3]
        condition = counter.conditions[t4]
        size = counter.sizes[t5]
        hanging: Hanging = counter.hangings[t6]

        loved = 0 if status is _DRAFT else min(_LOVED[rest >> 8 & 255], people - 1)
        place, given = rest % people, 0
        while given < loved:
            lover = lovers[place % people]
            place += 1
            if lover != seller.id_field:
                given += 1
                moment = published + ((gone - published) * ((jitter + given * _GOLDEN) & 0xFFFFFFFF) >> 32)
                hearts += (_HEART_HEAD, lover, id_field, encoding.bigint(moment))

        title = _title(hanging, made_by.name, size.endings[t8], t7, t9)
        said = condition.said[seller.language][t9]
        if t10 < 22:
            description = voice.terse[t11] + said
        else:
            opening = hanging.openings[t11] if seller.speaks_english else voice.openings[t11]
            fit = hanging.fits[t12] + hanging.measures[t13] if seller.speaks_english else b""
            description = b"".join((opening, said, fit, voice.stories[t2], voice.homes[t10], voice.closings[t8 ^ t12]))
        description = description.strip()

        price = made_by.prices[condition.name][t13 ^ t1]
        listings += (
            _HEAD,
            id_field,
            seller.id_field,
            counter.place,
            made_by.id_field,
            size.id_field,
            hanging.colour_and_material,
            condition.field,
            status,
            length(len(title)),
            title,
            length(len(description)),
            description,
            price,
            currency,
            times,
            encoding.bigint(loved),
        )
        for shown in hanging.pictures:
            pictures += (_PICTURE_HEAD, id_field, shown)
        if status is not _DRAFT:
            prices += (_PRICE_HEAD, id_field, price, currency, times[_PUBLISHED])
    return b"".join(listings), b"".join(pictures), b"".join(prices), b"".join(hearts)


def _title(hanging: Hanging, maker: bytes, size: bytes, habit: int, choice: int) -> bytes:
    """In one of a few habits: the maker first, mostly; or the thing first, or all in small letters."""
    if not maker:
        return hanging.first[choice] + size
    if habit < 150:
        classic = hanging.classics.get(maker)
        return maker + b" " + (classic[choice] if classic else hanging.phrases[choice]) + size
    if habit < 215:
        return hanging.first[choice] + b", " + maker + size
    if habit < 240:
        return maker + b" " + hanging.phrases[choice]
    return (maker + b" " + hanging.phrases[choice] + size).lower()


def _life(created: int, until: int, kind: int, a: int, b: int) -> tuple[bytes, bytes, int, int]:
    """The status of a listing, and its five moments as fields: created, updated, published, sold, removed.

    Then since when and until when anybody could love it.
    """
    status = _STATUSES[kind]
    # Most go on sale within minutes; some lie as drafts for a day or two.
    delay = a * 2_345_678 if b < 200 else a * 600_000_000
    published = min(created + delay, until)
    age = until - published
    if status is _AVAILABLE or (age < 30 * _HOUR and status is not _DRAFT):
        updated = published + (age * b >> 9 if b & 3 == 0 else 0)
        return _AVAILABLE, _TIMES(8, created, 8, updated, 8, published, -1, -1), published, until
    later = published + (age * (b + 1) >> 9)
    if status is _SOLD:
        return _SOLD, encoding.timestamps(created, later, published, later, None), published, later
    if status is _REMOVED:
        return _REMOVED, encoding.timestamps(created, later, published, None, later), published, later
    if status is _RESERVED:
        return _RESERVED, _TIMES(8, created, 8, later, 8, published, -1, -1), published, until
    return _DRAFT, encoding.timestamps(created, created, None, None, None), created, created


def _hung(plan: Plan, count: int, start: float) -> list[Counter]:
    """Systematic sampling: each counter as often as its share of `count`, give or take one."""
    total = sum(plan.shares)
    step = total / count
    hung: list[Counter] = []
    passed = 0.0
    for counter, share in zip(plan.counters, plan.shares, strict=True):
        passed += share
        while len(hung) < count and (len(hung) + start) * step < passed:
            hung.append(counter)
    return hung + [plan.counters[-1]] * (count - len(hung))
