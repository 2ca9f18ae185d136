"""The shop while a worker is killed over an upload, and while Valkey hangs.

The long form, with more moments: THREADLY_TEST_UPLOAD_KILLS=8.
"""

import asyncio
import os
import signal
import socket
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Final

import httpx
from sqlalchemy import select

from tests.making import a_listing
from tests.marketplace.media.elsewhere import variables
from tests.marketplace.media.sweeping import a_day_passes, files_of, sweep
from tests.photographs import a_jpeg, files_kept
from tests.processes import children, program
from tests.web.selling import begun, sent
from threadly.app import create
from threadly.core.config import Secret
from threadly.core.database import Database
from threadly.marketplace.listings import ListingPicture
from threadly.marketplace.media import Picture, PictureFiles
from threadly.settings import Settings
from threadly.wiring import Services, services

KILLS: Final = int(os.environ.get("THREADLY_TEST_UPLOAD_KILLS", "3"))
MOMENTS: Final = [0.05 + 0.75 * number / (KILLS - 1) for number in range(KILLS)]
"""Seconds after an upload begins: while it arrives, while the decoder starts and works, while files are stored."""
SOON: Final = 3.0


async def test_workers_killed_over_uploads_leave_what_the_clean_up_finds(
    settings: Settings, installed: Services, db: Database
) -> None:
    with program("threadly", "serve", "--port", "0", "--workers", "1", environment=variables(settings)) as server:
        url = server.line("answers at").partition("answers at ")[2].partition(",")[0]
        async with httpx.AsyncClient(base_url=url, timeout=30) as seller:
            path = await begun(seller, db)
            for number, moment in enumerate(MOMENTS):
                photo = a_jpeg(1600 + number, 1200)
                await answering(seller)
                upload = asyncio.create_task(sent(seller, f"{path}/photos", {}, photo, do="photos"))
                await asyncio.sleep(moment)
                kill(server.pid)
                with suppress(httpx.TransportError):
                    await upload
            await answering(seller)
            with suppress(httpx.TransportError):
                await half_of_an_upload(seller, path, server.pid)
            await answering(seller)
            assert (await sent(seller, f"{path}/photos", {}, a_jpeg(400, 300), do="photos")).status_code == 200

    await a_day_passes(installed)
    await sweep(installed)

    async with db.read() as read:
        shown = (await read.execute(select(Picture.name).join(ListingPicture))).scalars().all()
        known = (await read.execute(select(PictureFiles.name))).scalars().all()
    assert shown
    assert files_kept(installed) == files_of(*shown)
    assert set(known) == set(shown)


async def test_pages_do_not_wait_for_a_valkey_that_hangs(settings: Settings, db: Database) -> None:
    """One that was stopped (SIGSTOP) is a socket that takes connections and never answers."""
    listing = await a_listing(db)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = Secret(f"redis://127.0.0.1:{silent.getsockname()[1]}")
        hung = settings.model_copy(update={"cache": settings.cache.model_copy(update={"url": url})})
        async with services(hung) as built:
            transport = httpx.ASGITransport(create(built))
            async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as visitor:
                for path in ("/", "/search?q=dress", f"/listings/{listing.id}", "/sign-in", "/api/v1/listings"):
                    began = time.monotonic()
                    assert (await visitor.get(path)).status_code == 200, path
                    assert time.monotonic() - began < SOON, path
                began = time.monotonic()
                assert (await visitor.get("/livez")).status_code == 200
                await visitor.get("/readyz")
                assert time.monotonic() - began < SOON


def kill(server: int) -> None:
    """Ends the server's only worker at once."""
    (worker,) = children(server)
    os.kill(worker, signal.SIGKILL)


async def answering(seller: httpx.AsyncClient) -> None:
    """Waits until a worker is there that takes an upload; it is given pauses between its deaths."""
    async with asyncio.timeout(60):
        while True:
            with suppress(httpx.TransportError):
                await seller.get("/livez")
                return
            await asyncio.sleep(0.05)


async def half_of_an_upload(seller: httpx.AsyncClient, path: str, server: int) -> None:
    """Sends the first half of a photo, and never the rest."""
    whole = seller.build_request("POST", f"{path}/photos", files={"photos": a_jpeg(1700, 1200)})
    body = whole.read()

    async def pieces() -> AsyncIterator[bytes]:
        yield body[: len(body) // 2]
        await asyncio.sleep(0.3)
        kill(server)
        yield body[len(body) // 2 :]

    await seller.post(f"{path}/photos", content=pieces(), headers=dict(whole.headers))
