"""Threadly with one route and one job more: `python -m tests.faults.traced_shop serve|work`.

POST /tests/look asks for a job that looks into the database; POST /tests/look?fails for one that fails then.
"""

import asyncio
import sys
from dataclasses import replace
from typing import Any, ClassVar

from litestar import Request, Router, post
from sqlalchemy import text

from threadly import web, worker
from threadly.app import Application
from threadly.core.database import Tx, outbox
from threadly.core.database.jobs import Handlers, Retry, Run
from threadly.core.database.outbox import Job
from threadly.serving import Address, Serving, Supervisor
from threadly.settings import Settings
from threadly.wiring import Services

_face = web.face


class Look(Job, frozen=True):
    """Looks, and may fail then."""

    name: ClassVar[str] = "tests.look"
    fails: bool


async def look(services: Services, job: Look, _run: Run) -> None:
    """One statement."""

    async def inside(tx: Tx) -> None:
        await tx.execute(text("SELECT count(*) FROM listings"))

    await services.db.run(inside)
    if job.fails:
        raise ValueError("anna@example.org cannot be looked at")


def face(services: Services) -> web.Face:
    """The pages, and our route."""

    @post("/tests/look")
    async def ask(request: Request[Any, Any, Any]) -> str:
        async def write(tx: Tx) -> None:
            outbox.enqueue(tx, Look(fails=b"fails" in request.scope["query_string"]))

        await services.db.run(write)
        return "asked"

    built = _face(services)
    return replace(built, routes=[*built.routes, Router("/", route_handlers=[ask])])


def handlers() -> Handlers[Services]:
    """All of Threadly's, and ours."""
    table = worker.handlers()
    table.job(Look, look, retry=Retry(attempts=1))
    return table


def app() -> Any:  # noqa: ANN401 - as threadly.app has it
    """What the server runs."""
    web.face = face
    return Application()


def main(what: str) -> None:
    """Serves or works."""
    if what == "work":
        asyncio.run(worker.main(Settings.from_environment(), handlers=handlers))
        return
    serving = Serving(app="tests.faults.traced_shop:app()", address=Address("127.0.0.1", 0), workers=1, drain_seconds=5)
    asyncio.run(Supervisor(serving, on_ready=lambda at: _say(at.url), on_event=_say).run())


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
