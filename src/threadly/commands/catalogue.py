"""Brings the catalogue to this release."""

from threadly import site_folder
from threadly.commands.terminal import Steps
from threadly.core.database import Database
from threadly.marketplace import catalog
from threadly.settings import SiteSettings


async def install(db: Database, steps: Steps, site: SiteSettings) -> None:
    """Adds and renews categories, brands, sizes and the like, with a line that counts them; the site's own, if any."""
    with steps.step("Catalogue") as step:
        installed = await db.run(catalog.install, site_folder.own(site.folder).reference)
        new, changed = sum(installed.added.values()), sum(installed.changed.values())
        step.outcome = f"{new:,} categories, brands, sizes and the like added, {changed:,} changed"
