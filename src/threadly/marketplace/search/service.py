"""Keeps what searches need true: the language, the words, and the documents of listings that an old name is in."""

from collections import Counter
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    Select,
    Text,
    bindparam,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import aliased

from threadly.core.database import Tx, outbox
from threadly.marketplace.catalog import CATALOGUED, Brand, Category
from threadly.marketplace.listings import FOR_SALE, Listing
from threadly.marketplace.search import policy
from threadly.marketplace.search.events import RefreshTerms, RewriteDocuments
from threadly.marketplace.search.models import SearchTerm

MOST_TITLES: Final = 50_000
"""How many of the newest titles words are taken from."""
MOST_WORDS: Final = 20_000
BATCH: Final = 2_000

_LEAST: Final = 2
_LONGEST: Final = 40
_LOCK: Final = 0x7465_726D_73  # "terms"


async def speak(tx: Tx, language: str) -> bool:
    """Has texts read in a language (ISO 639-1: `en`) from now on, and says whether that is a change.

    For one that PostgreSQL has no stemmer for, words are compared as they are written. After a change, the worker
    writes the documents of listings anew.
    """
    changed = bool(await tx.scalar(select(func.search_in_language(_STEMMERS.get(language, "simple")))))
    if changed:
        renew(tx)
    return changed


def renew(tx: Tx) -> None:
    """Has the worker write all documents anew and gather the words, since names in the catalogue have changed."""
    outbox.enqueue(tx, RewriteDocuments())
    outbox.enqueue(tx, RefreshTerms())


async def rewrite(tx: Tx, *, after: UUID | None = None) -> UUID | None:
    """Writes some two thousand documents anew where they differ, in the order of ids.

    Returns the last listing that was looked at, for the call after this; None when there are no more.
    """
    some = select(Listing.id).order_by(Listing.id).limit(BATCH)
    if after is not None:
        some = some.where(Listing.id > after)
    ids = (await tx.scalars(some)).all()
    if not ids:
        return None
    await tx.execute(
        update(Listing)
        .where(Listing.id.in_(ids), Listing.document.is_distinct_from(_DOCUMENT))
        .values(document=_DOCUMENT, updated_at=Listing.updated_at)
        .execution_options(synchronize_session=False)
    )
    return ids[-1]


async def refresh(tx: Tx) -> int:
    """Gathers the words of the newest titles and the names of the catalogue, with their counts; returns how many."""
    await tx.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    await tx.execute(delete(SearchTerm))
    await tx.execute(_words_of_titles())
    rows = await _names(tx)
    cyrillic = await tx.execute(_CYRILLIC)
    rows += [_row("word", policy.latin(word), word, word, count) for word, count in cyrillic]
    if rows:
        await tx.execute(_ADD, rows)
    return await tx.scalar(select(func.count()).select_from(SearchTerm)) or 0


_DOCUMENT: Final = func.listing_document(
    Listing.title,
    Listing.description,
    Listing.brand_id,
    Listing.category_id,
    Listing.group_id,
    Listing.department_id,
    Listing.size_id,
    Listing.colour,
    Listing.material,
)

_STEMMERS: Final = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "et": "estonian", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian",
    "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali",
    "nl": "dutch", "nn": "norwegian", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian",
    "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip


def _words_of_titles() -> Any:  # noqa: ANN401 - an insert
    newest = select(Listing.title).where(FOR_SALE).order_by(Listing.published_at.desc(), Listing.id.desc())
    titles = newest.limit(MOST_TITLES).subquery("titles")
    split = func.regexp_split_to_table(func.lower(func.search_plain(titles.c.title)), "[^[:alnum:]]+")
    words = select(split.label("word")).subquery("words")
    term = func.unaccent(words.c.word)
    found = (
        select(literal("word"), term, term, func.min(words.c.word), func.count())
        .where(func.char_length(words.c.word).between(_LEAST, _LONGEST))
        .group_by(term)
        .having(func.count() >= _LEAST)
        .order_by(func.count().desc())
        .limit(MOST_WORDS)
    )
    return insert(SearchTerm).from_select(["kind", "term", "target", "label", "listings"], found)


async def _names(tx: Tx) -> list[dict[str, Any]]:
    """Brands and categories, by each word of their names; and these words by themselves."""
    rows: list[dict[str, Any]] = []
    words = Counter[str]()
    for name, slug, count in await tx.execute(_BRANDS):
        named = policy.parse(name).words
        words.update(dict.fromkeys(named, count))
        rows += [_row("brand", " ".join(named[at:]), slug, name, count) for at in range(len(named))]
        for at in range(len(named) - 1):  # written as one: northface
            rows.append(_row("brand", "".join(named[at:]), slug, name, count))
            rows.append(_row("word", "".join(named[at:]), " ".join(named[at:]), name, count))
    categories = (await tx.execute(_CATEGORIES)).all()
    hanging = Counter[str]()
    for path, count, *_ in categories:
        steps = path.split("/")
        hanging.update({"/".join(steps[:depth]): count for depth in range(1, len(steps) + 1)})
    for path, _, *lineage in categories:
        shown = [name for name in lineage if name is not None]
        named, count = policy.parse(shown[0]).words, hanging[path]
        words.update(dict.fromkeys(named, count))
        rows += [_row("category", " ".join(named[at:]), path, ", ".join(shown), count) for at in range(len(named))]
    rows += [_row("word", word, word, word, count) for word, count in words.items() if len(word) >= _LEAST]
    # Those who have no Cyrillic keys look for the same.
    rows += [row | {"term": latin} for row in rows if (latin := policy.latin(row["term"])) != row["term"]]
    return rows


def _row(kind: str, term: str, target: str, label: str, listings: int) -> dict[str, Any]:
    return {"kind": kind, "term": term, "target": target, "label": label, "listings": listings}


_ADD: Final = (
    upsert(SearchTerm)
    .values(
        kind=bindparam("kind"),
        term=func.unaccent(bindparam("term", type_=Text())),
        target=bindparam("target"),
        label=bindparam("label"),
        listings=bindparam("listings"),
    )
    .on_conflict_do_nothing()
)
_CYRILLIC: Final = select(SearchTerm.target, SearchTerm.listings).where(
    SearchTerm.kind == "word", SearchTerm.term.regexp_match("[а-яёіїє]")
)


def _counted(column: Any) -> Any:  # noqa: ANN401 - columns of any table
    """How many listings for sale a column names, by what it names."""
    return select(column.label("id"), func.count().label("count")).where(FOR_SALE).group_by(column).subquery()


def _brands() -> Select[*tuple[Any, ...]]:
    """Those that came with the catalogue, and of those that members named the ones that somebody has for sale."""
    counts = _counted(Listing.brand_id)
    count = func.coalesce(counts.c.count, 0)
    offered = or_(CATALOGUED, counts.c.count.is_not(None))
    return select(Brand.name, Brand.slug, count).outerjoin(counts, counts.c.id == Brand.id).where(offered)


def _categories() -> Select[*tuple[Any, ...]]:
    """Each category's path, how many listings hang on it itself, its name, and the names above."""
    counts = _counted(Listing.category_id)
    above, top = aliased(Category), aliased(Category)
    return (
        select(Category.path, func.coalesce(counts.c.count, 0), Category.name, above.name, top.name)
        .outerjoin(counts, counts.c.id == Category.id)
        .outerjoin(above, above.id == Category.parent_id)
        .outerjoin(top, top.id == above.parent_id)
    )


_BRANDS: Final = _brands()
_CATEGORIES: Final = _categories()
