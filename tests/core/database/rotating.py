"""A role of PostgreSQL whose password is changed while it is used."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import pytest

from tests.engines import EngineUrls
from threadly.embedded import with_database


class Role:
    """May connect, and nothing else; `url` is with its first password."""

    def __init__(self, administrator: asyncpg.Connection, url: str) -> None:
        self.name = f"rotated_{uuid4().hex}"
        self.password = uuid4().hex
        direct = urlsplit(url)
        self.url = direct._replace(netloc=f"{self.name}:{self.password}@").geturl()
        self._administrator = administrator

    async def make(self) -> None:
        """At first, of course."""
        await self._administrator.execute(f"CREATE ROLE {self.name} LOGIN PASSWORD '{self.password}'")

    async def change_password(self, *, back: bool = False) -> None:
        """To another one; or back to the one that `url` has."""
        password = self.password if back else uuid4().hex
        await self._administrator.execute(f"ALTER ROLE {self.name} PASSWORD '{password}'")

    async def drop(self) -> None:
        """At last."""
        await self._administrator.execute(f"DROP ROLE {self.name}")


@pytest.fixture
async def role(engine_urls: EngineUrls, empty_database_url: str) -> AsyncIterator[Role]:
    """A role, and a database that it may connect to."""
    database = urlsplit(empty_database_url).path[1:]
    administrator = await asyncpg.connect(with_database(engine_urls.administrator_url, database))
    made = Role(administrator, empty_database_url)
    await made.make()
    yield made
    await made.drop()
    await administrator.close()
