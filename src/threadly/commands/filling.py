"""Fills an empty shop."""

from typing import Final

from sqlalchemy import func, select

from threadly import sample, site_folder
from threadly.commands.errors import ShopNotEmpty
from threadly.commands.terminal import Steps
from threadly.core.database import Database
from threadly.integrations import storage
from threadly.marketplace.listings import Listing
from threadly.settings import Settings

_IN_WORDS: Final = {
    sample.Step.PICTURES: "drawing pictures",
    sample.Step.LISTINGS: "writing listings",
    sample.Step.INDEXES: "building indexes",
}


async def count(db: Database) -> int:
    """How many listings there are, in any state."""
    async with db.read() as read:
        return await read.scalar(select(func.count()).select_from(Listing)) or 0


async def fill(db: Database, settings: Settings, steps: Steps, *, listings: int, seed: int) -> None:
    """The catalogue and sample data, with a bar.

    Raises:
        ShopNotEmpty: The shop holds something else. Nothing was changed.
        NothingToHang: The catalogue has no place for any of it. Nothing was changed.
    """
    own = site_folder.own(settings.site.folder)
    sample.Shelves.of(sample.stock(), own.reference, own.sample)
    with steps.step("Sample data") as step:
        announced = False

        def show(progress: sample.Progress) -> None:
            nonlocal announced
            if not announced:  # now that there is something to do
                steps.note("Drawing pictures and filling the shop; this is done once.")
                announced = True
            step.doing(_IN_WORDS[progress.step])
            step.advance(progress.done, progress.total)

        try:
            made = await sample.seed(
                db,
                storage.chosen(settings.media),
                listings=listings,
                seed=seed,
                currency=settings.site.currency,
                reference=own.reference,
                hanging=own.sample,
                on_progress=show,
            )
        except sample.MarketplaceNotEmpty as refusal:
            raise ShopNotEmpty(refusal.facts) from None
        step.outcome = (
            "this very data was there already"
            if made.already_there
            else f"{made.listings:,} listings of {made.members:,} members, {made.pictures:,} pictures"
        )
