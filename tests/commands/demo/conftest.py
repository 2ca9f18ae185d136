"""A shop that was stocked beforehand, because drawing pictures takes long; `./dev demo --check` fills an empty one."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import select

from tests.conftest import database_settings
from tests.faults.breakable import MEMORY
from tests.making import a_listing
from tests.processes import Program, program
from threadly.core.database import Database
from threadly.core.database.migrate import upgrade
from threadly.embedded import engines
from threadly.marketplace import catalog
from threadly.marketplace.media import Picture
from threadly.migrations import MIGRATIONS

LISTINGS = 30


A_PICTURE = b"RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"


@pytest.fixture(scope="session")
def data() -> Iterator[Path]:
    """The folder of a shop that was started before: two pages of listings, with pictures."""
    with TemporaryDirectory(dir=MEMORY) as place:
        folder = Path(place) / "data"
        asyncio.run(_stock(folder))
        yield folder


async def _stock(folder: Path) -> None:
    async with engines(folder) as running:
        db = Database(database_settings(running.database_url or ""))
        await upgrade(db, MIGRATIONS)
        await db.run(catalog.install)
        for number in range(LISTINGS):
            await a_listing(db, price_minor=1000 + number)
        async with db.read() as read:
            names = [row.name for row in await read.execute(select(Picture.name))]
        await db.close()
    (folder / "media").mkdir()
    for name in names:
        for width in (320, 640, 1280):
            (folder / "media" / f"{name}-{width}.webp").write_bytes(A_PICTURE)


@pytest.fixture
def running(data: Path) -> Iterator[Program]:
    """A demo of that shop, once it answers."""
    with program("threadly", "demo", "--data", str(data), "--port", "0", "--workers", "1") as demo:
        demo.line("Ctrl-C")
        yield demo
