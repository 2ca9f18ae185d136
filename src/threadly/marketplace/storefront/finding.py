"""A search, answered whole: a page, how many there are, and what they can be narrowed by."""

from typing import Any

import msgspec

from threadly.core.database import Cursors, ReadSession
from threadly.marketplace import search
from threadly.marketplace.storefront import facets, ranking
from threadly.marketplace.storefront.lists import PAGE_SIZE
from threadly.marketplace.storefront.narrowing import given
from threadly.marketplace.storefront.views import Found, Page, Searched
from threadly.marketplace.storefront.wanted import Wanted


async def found(
    read: ReadSession, wanted: Wanted, cursors: Cursors, *, after: str | None = None, limit: int = PAGE_SIZE
) -> Found:
    """A page of what is for sale, with the counts beside it. Three statements; six where the spelling was corrected.

    Raises:
        CursorRejected: `after` was not given out for this list.
    """
    answer, meant, parameters = await _searched(read, wanted, cursors, after, limit)
    total, counts = await facets.counted(read, meant, parameters=parameters)
    return Found(page=answer.page, total=total, facets=counts, corrected=answer.corrected)


async def searched(
    read: ReadSession, wanted: Wanted, cursors: Cursors, *, after: str | None = None, limit: int = PAGE_SIZE
) -> Searched:
    """A page of what is for sale; of a text of which there is nothing, with a better spelling.

    Two statements; five where the spelling was corrected.

    Raises:
        CursorRejected: `after` was not given out for this list.
    """
    answer, _, _ = await _searched(read, wanted, cursors, after, limit)
    return answer


async def _searched(
    read: ReadSession, wanted: Wanted, cursors: Cursors, after: str | None, limit: int
) -> tuple[Searched, Wanted, dict[str, Any] | None]:
    """The page, what was searched for in the end, and its parameters."""
    parameters = await given(read, wanted)
    if parameters is None:
        return Searched(page=Page(items=(), next=None)), wanted, None
    page = await ranking.cards(read, wanted, cursors, after=after, limit=limit, parameters=parameters)
    better = await search.corrected(read, wanted.text) if wanted.text and not page.items else None
    if better is not None:
        # A cursor stays one of the list that was asked for, so that the next page is found from the same address.
        meant, name = msgspec.structs.replace(wanted, text=better), wanted.fingerprint
        known = await given(read, meant)
        again = await ranking.cards(read, meant, cursors, after=after, limit=limit, list_name=name, parameters=known)
        if again.items:
            return Searched(page=again, corrected=better), meant, known
    return Searched(page=page), wanted, parameters
