"""A search, answered whole: a page, how many there are, and what they can be narrowed by."""

from contextlib import AbstractContextManager, nullcontext
from typing import Final

import msgspec

from threadly.core.database import Cursors, ReadSession
from threadly.marketplace import search
from threadly.marketplace.storefront import facets, ranking
from threadly.marketplace.storefront.lists import PAGE_SIZE
from threadly.marketplace.storefront.meaning import Meaning, meaning
from threadly.marketplace.storefront.views import Counted, Facets, Found, Page, Searched, Total
from threadly.marketplace.storefront.wanted import Wanted


async def found(
    read: ReadSession, wanted: Wanted, cursors: Cursors, *, after: str | None = None, limit: int = PAGE_SIZE
) -> Found:
    """A page of what is for sale, with the counts beside it; if there is nothing of a text, by a better spelling.

    Three statements; two where there is no word, brand or size. Where nothing is found and nothing is chosen, it says
    where to look on.

    Raises:
        CursorRejected: `after` was not given out for this list.
    """
    with _measured(wanted, "both"):
        answer, meant = await _searched(read, wanted, cursors, after, limit)
        if _is_at_an_end(answer.page, wanted, after):  # there is nothing to count either
            nearest = await search.nearest(read, meant.words)
            return Found(page=answer.page, total=_NOTHING, facets=Facets(), nearest=nearest)
        total, counts = await _counted(read, meant)
    return Found(page=answer.page, total=total, facets=counts, corrected=answer.corrected)


async def searched(
    read: ReadSession, wanted: Wanted, cursors: Cursors, *, after: str | None = None, limit: int = PAGE_SIZE
) -> Searched:
    """A page of what is for sale; if there is nothing of a text, by a better spelling.

    Two statements; one where there is no word, brand or size; and one more where nothing is found in the whole shop, to
    say where to look on.

    Raises:
        CursorRejected: `after` was not given out for this list.
    """
    with _measured(wanted, "results"):
        answer, meant = await _searched(read, wanted, cursors, after, limit)
        if wanted.category is None and _is_at_an_end(answer.page, wanted, after):
            return msgspec.structs.replace(answer, nearest=await search.nearest(read, meant.words))
    return answer


async def counted(read: ReadSession, wanted: Wanted) -> Counted:
    """The counts alone, of the same listings. Two statements; one where there is no word, brand or size."""
    with _measured(wanted, "facets"):
        meant = await meaning(read, wanted)
        total, counts = await _counted(read, meant)
    return Counted(total=total, facets=counts, corrected=meant.corrected)


_NOTHING: Final = Total(count=0, is_exact=True)


def _is_at_an_end(page: Page, wanted: Wanted, after: str | None) -> bool:
    return not page.items and after is None and not wanted.is_narrowed


def _measured(wanted: Wanted, kind: str) -> AbstractContextManager[None]:
    """Times a search by a text; a list without one is no search."""
    return search.measured(kind) if wanted.text else nullcontext()


async def _counted(read: ReadSession, meant: Meaning) -> tuple[Total, Facets]:
    if meant.parameters is None:
        return _NOTHING, Facets()
    return await facets.counted(read, meant.wanted, meant.parameters)


async def _searched(
    read: ReadSession, wanted: Wanted, cursors: Cursors, after: str | None, limit: int
) -> tuple[Searched, Meaning]:
    """The page, and what was searched for in the end."""
    meant = await meaning(read, wanted)
    if meant.parameters is None:
        return Searched(page=Page(items=(), next=None)), meant
    # A cursor stays one of the list that was asked for, so that the next page is found from the same address.
    page = await ranking.cards(
        read,
        meant.wanted,
        cursors,
        after=after,
        limit=limit,
        list_name=wanted.fingerprint,
        parameters=meant.parameters,
    )
    corrected = meant.corrected if page.items or wanted.is_narrowed else None
    if wanted.text and after is None:
        search.told(is_empty=not page.items, is_corrected=corrected is not None)
    return Searched(page=page, corrected=corrected), meant
