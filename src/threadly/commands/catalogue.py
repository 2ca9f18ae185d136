"""Brings the catalogue to this release, and searches to the shop's language."""

from threadly import site_folder
from threadly.commands.terminal import Steps
from threadly.core.database import Database, Tx
from threadly.marketplace import catalog, search
from threadly.marketplace.catalog import Reference
from threadly.settings import SiteSettings


async def install(db: Database, steps: Steps, site: SiteSettings) -> None:
    """Adds and renews categories, brands, sizes and the like, with a line that counts them; the site's own, if any.

    Listings are found by their names, in the site's first language; where either changed, the worker writes that anew.
    """
    with steps.step("Catalogue") as step:
        language = site.languages[0]
        installed, is_new = await db.run(_install, site_folder.own(site.folder).reference, language)
        new, changed = sum(installed.added.values()), sum(installed.changed.values())
        step.outcome = f"{new:,} categories, brands, sizes and the like added, {changed:,} changed"
        if is_new:
            step.outcome += f"; searches are in the language {language}"


async def _install(tx: Tx, reference: Reference | None, language: str) -> tuple[catalog.Installed, bool]:
    installed = await catalog.install(tx, reference)
    if await search.speak(tx, language):
        return installed, True
    if installed.changed:
        search.renew(tx)
    return installed, False
