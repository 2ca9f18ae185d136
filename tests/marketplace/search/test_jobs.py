"""Documents are written anew bit by bit, and words gathered, by the worker."""

from sqlalchemy import func, select

from tests.making import a_listing
from threadly.core.database import Database, outbox
from threadly.core.database.jobs import Run
from threadly.core.database.outbox import OutboxMessage
from threadly.marketplace import search
from threadly.marketplace.search import RefreshTerms, RewriteDocuments, SearchTerm
from threadly.wiring import Services

RUN = Run(id=1, name="search", attempt=1)


async def test_a_batch_has_the_next_one_done_until_there_are_no_more(installed: Services, db: Database) -> None:
    listing = await a_listing(db)

    await search.rewrite_documents(installed, RewriteDocuments(), RUN)
    await search.rewrite_documents(installed, RewriteDocuments(after=listing.id), RUN)

    async with db.read() as read:
        (message,) = (await read.execute(select(OutboxMessage.name, OutboxMessage.payload))).all()
    assert tuple(message) == (RewriteDocuments.name, {"after": str(listing.id)})
    assert outbox.Job in RewriteDocuments.__mro__


async def test_words_are_gathered(installed: Services, db: Database) -> None:
    await a_listing(db)
    await search.refresh_terms(installed, RefreshTerms(), RUN)

    async with db.read() as read:
        assert await read.scalar(select(func.count()).select_from(SearchTerm)) > 0
