"""Keeps the words up to date, and the documents, behind the scenes."""

from threadly.core.database import Tx, outbox
from threadly.core.database.jobs import HasDatabase, Run
from threadly.marketplace.search import service
from threadly.marketplace.search.events import RefreshTerms, RewriteDocuments


async def refresh_terms(context: HasDatabase, _job: RefreshTerms, _run: Run) -> None:
    """Gathers the words."""
    await context.db.run(service.refresh)


async def rewrite_documents(context: HasDatabase, job: RewriteDocuments, _run: Run) -> None:
    """Writes some documents, and has a job of their own do the others: if one is lost, what was done stays."""
    await context.db.run(_some, job)


async def _some(tx: Tx, job: RewriteDocuments) -> None:
    last = await service.rewrite(tx, after=job.after)
    if last is not None:
        outbox.enqueue(tx, RewriteDocuments(after=last))
