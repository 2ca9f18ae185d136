"""`threadly work`."""

import asyncio
import logging
from typing import Annotated

from cyclopts import Parameter

from threadly import worker
from threadly.commands.errors import DatabaseUnreachable
from threadly.commands.installation import refuse_missing_migrations
from threadly.serving import lifeline
from threadly.settings import Settings

_OWNERLESS_SECONDS = 3.0


def work(*, until_stdin_closes: Annotated[bool, Parameter(negative=())] = False) -> None:
    """Works until SIGTERM or Ctrl-C.

    Parameters
    ----------
    until_stdin_closes
        Also stop when standard input ends: for programs that start this one, and must not leave it behind.
    """
    settings = Settings.from_environment()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    if until_stdin_closes:
        lifeline.follow(grace_seconds=settings.jobs.grace.total_seconds() + _OWNERLESS_SECONDS)
    try:
        asyncio.run(refuse_missing_migrations(settings.database))
    except DatabaseUnreachable as unreachable:  # it may come later
        logging.getLogger(__name__).warning("%s", unreachable)
    asyncio.run(worker.main(settings))
