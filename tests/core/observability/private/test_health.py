"""Health on the private address."""

import json
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any

from tests.core.observability.health.looks import Dependency
from tests.core.observability.hearing import until
from threadly.core.observability import SOCKET, Collector, Reporter, private_folder
from threadly.core.observability.health import HEALTH, LIVEZ, MEDIA_TYPE, READYZ, TOPIC, Health
from threadly.core.observability.private import health as told
from threadly.core.observability.private.listener import Asked, Handler


async def ask(routes: Mapping[str, Handler], path: str) -> tuple[int, Any]:
    """The status, and what is said."""
    answer = await routes[path](Asked(path))
    assert answer.content_type == MEDIA_TYPE
    return answer.status, json.loads(answer.body)


async def test_the_worst_of_all_workers_is_told() -> None:
    async with AsyncExitStack() as alive:
        folder = alive.enter_context(private_folder())
        collector = await alive.enter_async_context(Collector(folder / SOCKET).listening())
        routes = told.of_workers(collector, expected=2)
        assert (await ask(routes, READYZ))[0] == 503
        assert await ask(routes, LIVEZ) == (200, {"status": "pass"})

        for dependency in (Dependency(), Dependency(warning="Nearly full.")):
            health = await alive.enter_async_context(Health([dependency.check()], version="1.4.0").watching())
            reporter = Reporter(collector.path, every_seconds=0.02)
            reporter.offer(TOPIC, health.told)
            await alive.enter_async_context(reporter.reporting())
        await until(lambda: len(collector.latest(TOPIC)) == 2)

        status, said = await ask(routes, HEALTH)
        assert (status, said["status"], said["version"]) == (200, "warn", "1.4.0")
        assert [each["status"] for each in said["checks"]["database:responseTime"]] == ["warn", "pass"]
        assert await ask(routes, READYZ) == (
            200,
            {"status": "warn", "checks": {"database": [{"status": "warn"}], "workers": [{"status": "pass"}]}},
        )


async def test_a_worker_that_speaks_otherwise_is_a_failure_and_no_error() -> None:
    async with AsyncExitStack() as alive:
        folder = alive.enter_context(private_folder())
        collector = await alive.enter_async_context(Collector(folder / SOCKET).listening())
        reporter = Reporter(collector.path, every_seconds=0.02)
        reporter.offer(TOPIC, lambda: b"nonsense")
        await alive.enter_async_context(reporter.reporting())
        await until(lambda: collector.latest(TOPIC))
        status, said = await ask(told.of_workers(collector, expected=1), HEALTH)
    assert (status, said["output"]) == (503, "A worker says what this process does not understand.")


async def test_a_process_tells_of_itself_from_when_it_is_watched() -> None:
    watched: list[Health] = []
    routes = told.of_process(lambda: watched[0] if watched else None)
    assert await ask(routes, READYZ) == (503, {"status": "fail", "notes": ["It is starting."]})
    async with Health([Dependency().check()]).watching() as health:
        watched.append(health)
        assert (await ask(routes, READYZ))[0] == 200
