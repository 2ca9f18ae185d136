"""Is this process alive, and can it serve? For those who restart it, and for those who send it requests.

`/livez` knows nothing of what we depend on: restarting us would not mend a database. `/readyz` tells what was last seen
of it. What is looked at, and how often: `checks`.
"""

from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from datetime import timedelta
from importlib.metadata import version
from typing import Final

from threadly.core.database import Database
from threadly.core.observability.health import Health
from threadly.ops.checks import checks
from threadly.settings import WATCHING_CONNECTIONS
from threadly.wiring import Services

SERVICE: Final = "threadly"
_PATIENCE: Final = timedelta(seconds=1)


def unwatched() -> Health:
    """That of an application of which nobody watches what it depends on."""
    return Health([], service=SERVICE)


@asynccontextmanager
async def watching(
    services: Services,
    *,
    description: str,
    stopping: Callable[[], bool] = lambda: False,
    without: Collection[str] = (),
) -> AsyncIterator[Health]:
    """How this process does, for the length of the block.

    It looks by connections of its own, so that a pool which requests have used up is not taken for a database that is
    gone.

    Args:
        without: Checks that this process does without, by name.
    """
    database = services.settings.database.model_copy(
        update={
            "replicas": (),
            "pool_size": WATCHING_CONNECTIONS,
            "pool_wait": _PATIENCE,
            "statement_timeout": _PATIENCE,
            "slow_after": timedelta(0),  # health tells of it itself
        }
    )
    own = Database(database, application_name="threadly health", bridged_seconds=0)
    try:
        health = Health.told_by(
            services.settings.observability.health,
            [check for check in checks(services, own) if check.name not in without],
            version=version("threadly"),
            service=SERVICE,
            description=description,
            stopping=stopping,
        )
        async with health.watching():
            yield health
    finally:
        await own.close()
