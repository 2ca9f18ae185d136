"""`threadly seed`."""

import asyncio
from typing import Annotated

from cyclopts import Parameter, validators

from threadly.commands.acts import commanding
from threadly.commands.errors import MigrationsMissing
from threadly.commands.filling import fill
from threadly.commands.installation import installed
from threadly.commands.owning import owning
from threadly.commands.terminal import Steps, console
from threadly.core.database import migrate
from threadly.migrations import MIGRATIONS
from threadly.settings import Settings


async def seed(
    *,
    listings: Annotated[int, Parameter(validator=validators.Number(gte=1, lte=10_000_000))] = 1_000,
    seed: Annotated[int, Parameter(validator=validators.Number(gte=0))] = 1,
) -> None:
    """Fills an empty shop; does nothing where the same was done before.

    Parameters
    ----------
    listings
        How many.
    seed
        The same seed gives the same shop.
    """
    settings = installed(console())
    with commanding("seed"):
        await _seed(settings, listings=listings, seed=seed)


async def _seed(settings: Settings, *, listings: int, seed: int) -> None:
    async with owning(settings.database, application_name="threadly seed", changes=True) as db:
        if missing := (await migrate.status(db, MIGRATIONS)).missing:
            raise MigrationsMissing(missing)
        steps = Steps()
        try:
            await fill(db, settings, steps, listings=listings, seed=seed)
        except asyncio.CancelledError:
            steps.to.print("[yellow]![/] Interrupted. Run it again.")
            raise
