"""Fills an empty shop."""

from pathlib import Path

from sqlalchemy import func, select

from threadly import sample
from threadly.commands.terminal import Steps
from threadly.core.database import Database
from threadly.marketplace import catalog
from threadly.marketplace.listings import Listing


async def count(db: Database) -> int:
    """How many listings there are, in any state."""
    async with db.read() as read:
        return await read.scalar(select(func.count()).select_from(Listing)) or 0


async def fill(db: Database, media_folder: Path, steps: Steps, *, listings: int, seed: int) -> None:
    """Reference data and sample data, with a bar."""
    with steps.step("Catalogue") as step:
        await db.run(catalog.install)
        step.outcome = "categories, brands, sizes, colours and materials"
    with steps.step("Sample data") as step:

        def show(doing: str, done: int, total: int) -> None:
            step.doing(doing)
            step.advance(done, total)

        await sample.seed(db, media_folder, listings=listings, seed=seed, on_progress=show)
        step.outcome = f"{listings:,} listings with pictures, seed {seed}"
