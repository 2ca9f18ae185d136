"""Checks that do what a test asks of them."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from threadly.core.observability.health import Check, Reading, Status, Unhealthy


@dataclass
class Dependency:
    """Something that is looked at, and how it does."""

    trouble: str | None = None
    warning: str | None = None
    hangs: bool = False
    is_deaf: bool = False
    """It hangs, and hears no end."""
    looks: int = 0
    released: asyncio.Event = field(default_factory=asyncio.Event)

    async def look(self) -> Reading | None:
        self.looks += 1
        if self.is_deaf:
            while not self.released.is_set():
                try:
                    await self.released.wait()
                except asyncio.CancelledError:
                    continue
        if self.hangs:
            await asyncio.sleep(60)
        if self.trouble:
            raise Unhealthy(self.trouble)
        if self.warning:
            return Reading(93.5, "percent", Status.WARN, self.warning)
        return None

    def check(self, **others: Any) -> Check:  # noqa: ANN401 - whatever a check takes
        return Check(**{"component": "database", "measurement": "responseTime", "look": self.look, **others})


@contextmanager
def released(*several: Dependency) -> Iterator[None]:
    """Lets what hangs end with the block."""
    try:
        yield
    finally:
        for each in several:
            each.released.set()
