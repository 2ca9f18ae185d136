"""A search, answered whole: a page, how many there are, and what they can be narrowed by."""

from threadly.core.database import Cursors, ReadSession
from threadly.marketplace.storefront import facets, lists
from threadly.marketplace.storefront.lists import PAGE_SIZE
from threadly.marketplace.storefront.views import Found
from threadly.marketplace.storefront.wanted import Wanted


async def found(
    read: ReadSession, wanted: Wanted, cursors: Cursors, *, after: str | None = None, limit: int = PAGE_SIZE
) -> Found:
    """A page of what is for sale, with the counts beside it. Two statements.

    Raises:
        CursorRejected: `after` was not given out for this list.
    """
    page = await lists.cards(read, wanted, cursors, after=after, limit=limit)
    total, counts = await facets.counted(read, wanted)
    return Found(page=page, total=total, facets=counts)
