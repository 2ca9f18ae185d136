"""A search, answered whole: a page, how many there are, and what they can be narrowed by."""

import msgspec

from threadly.core.database import Cursors, ReadSession
from threadly.marketplace import search
from threadly.marketplace.storefront import facets, lists
from threadly.marketplace.storefront.lists import PAGE_SIZE
from threadly.marketplace.storefront.views import Found, Searched
from threadly.marketplace.storefront.wanted import Wanted


async def found(
    read: ReadSession, wanted: Wanted, cursors: Cursors, *, after: str | None = None, limit: int = PAGE_SIZE
) -> Found:
    """A page of what is for sale, with the counts beside it. Two statements; four where the spelling was corrected.

    Raises:
        CursorRejected: `after` was not given out for this list.
    """
    answer = await searched(read, wanted, cursors, after=after, limit=limit)
    text = wanted.text if answer.corrected is None else answer.corrected
    total, counts = await facets.counted(read, msgspec.structs.replace(wanted, text=text))
    return Found(page=answer.page, total=total, facets=counts, corrected=answer.corrected)


async def searched(
    read: ReadSession, wanted: Wanted, cursors: Cursors, *, after: str | None = None, limit: int = PAGE_SIZE
) -> Searched:
    """A page of what is for sale; of a text of which there is nothing, with a better spelling.

    One statement; three where the spelling was corrected.

    Raises:
        CursorRejected: `after` was not given out for this list.
    """
    page = await lists.cards(read, wanted, cursors, after=after, limit=limit)
    if page.items or not wanted.text:
        return Searched(page=page)
    better = await search.corrected(read, wanted.text)
    if better is None:
        return Searched(page=page)
    # A cursor stays one of the list that was asked for, so that the next page is found from the same address.
    instead = msgspec.structs.replace(wanted, text=better)
    again = await lists.cards(read, instead, cursors, after=after, limit=limit, list_name=wanted.fingerprint)
    return Searched(page=again, corrected=better) if again.items else Searched(page=page)
