"""Those who run a shop find what failed in any of its workers, also in one that has gone since."""

import os
import signal
from collections.abc import Mapping
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import asyncpg

from tests.commands.asking import ask
from tests.processes import children, eventually, program

SERVE = ("threadly", "serve", "--port", "0", "--workers", "2")


def status_of(url: str) -> int:
    """What is answered there."""
    try:
        with urlopen(url, timeout=10) as answer:
            return int(answer.status)
    except HTTPError as refusal:
        return refusal.code


async def test_the_failures_of_all_workers_are_one_kind_and_outlive_them(migrated: Mapping[str, str]) -> None:
    connection = await asyncpg.connect(migrated["THREADLY_DATABASE__OWNER_URL"])
    await connection.execute("ALTER TABLE categories RENAME TO gone")
    await connection.close()
    with program(*SERVE, environment=dict(migrated)) as server:
        public = server.line("answers at").partition("answers at ")[2].partition(",")[0]
        private = server.line("Metrics at").split()[2].removesuffix("/metrics,")
        for _ in range(20):
            assert status_of(f"{public}/api/v1/categories") == 500

        def group() -> Any:  # noqa: ANN401 - JSON
            return next((each for each in ask(f"{private}/errors")[1]["groups"] if each["count"] == 20), None)

        eventually(group, within=10, what="all are told of")
        for child in children(server.pid):
            os.kill(child, signal.SIGKILL)
        eventually(lambda: ask(f"{private}/health")[1]["status"] != "fail", within=20, what="there are others")
        found = group()

    assert found["level"] == "error"
    assert found["type"] == "sqlalchemy.exc.ProgrammingError"
    assert found["sample"]["context"]["route"] == "/api/v1/categories"
    assert found["sample"]["context"]["request_id"]
    assert found["release"]
