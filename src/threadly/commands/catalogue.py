"""Brings the catalogue to this release."""

from threadly.commands.terminal import Steps
from threadly.core.database import Database
from threadly.marketplace import catalog


async def install(db: Database, steps: Steps) -> None:
    """Adds and renews categories, brands, sizes and the like, with a line that counts them."""
    with steps.step("Catalogue") as step:
        installed = await db.run(catalog.install)
        new, changed = sum(installed.added.values()), sum(installed.changed.values())
        step.outcome = f"{new:,} categories, brands, sizes and the like added, {changed:,} changed"
