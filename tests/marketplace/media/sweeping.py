"""The clean-up of pictures, and the days that it waits for."""

import os
import time
from contextlib import suppress
from datetime import timedelta

from sqlalchemy import update

from tests.photographs import folder_of
from threadly.core.database import Tx
from threadly.core.database.jobs import Run
from threadly.marketplace import media
from threadly.marketplace.media import WIDTHS, Picture, PictureFiles, SweepPictures, file_of
from threadly.tables import metadata
from threadly.wiring import Services

A_DAY = 25 * 3600
RUN = Run(id=1, name=SweepPictures.name, attempt=1)


async def sweep(services: Services) -> None:
    await media.sweeper(metadata)(services, SweepPictures(), RUN)


def files(services: Services) -> set[str]:
    folder = folder_of(services)
    return {file.name for file in folder.iterdir()} if folder.exists() else set()


def files_of(*names: str) -> set[str]:
    return {file_of(name, width) for name in names for width in WIDTHS}


async def a_day_passes(services: Services, *, for_what_is_under_way: bool = True) -> None:
    """For everything that is there now."""

    async def age(tx: Tx) -> None:
        day = timedelta(seconds=A_DAY)
        await tx.execute(update(Picture).values(unused_since=Picture.unused_since - day))
        await tx.execute(update(PictureFiles).values(noted_at=PictureFiles.noted_at - day))
        if for_what_is_under_way:
            await tx.execute(update(PictureFiles).values(leaving_since=PictureFiles.leaving_since - day))

    await services.db.run(age)
    for file in files(services):
        if not for_what_is_under_way and file.startswith(".draft-"):
            continue  # it is being written at this moment, and not for a day
        past = time.time() - A_DAY
        with suppress(FileNotFoundError):
            os.utime(folder_of(services) / file, (past, past))
