"""From an upload to files in the store: what a face calls before it opens its transaction.

    kept = await services.pictures.take(upload, by=actor.id)
    await services.db.run(listings.add_picture, …, kept=kept)  # which calls media.add(tx, seller_id, kept)

The order is what makes the clean-up safe: the name is noted and committed, then files are stored, then the picture's
row is written by whoever uses it. A crash in between leaves a note, by which the clean-up finds the files after a day;
so does a store that fails half-way: what is there of this picture may be another's as well, and is not taken back.
"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Concatenate, Final, ParamSpec, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import MetaData

from threadly.core import deadlines
from threadly.core.database import Tx
from threadly.core.observability.metrics import Outcomes
from threadly.marketplace.media import removal
from threadly.marketplace.media.decoding import Decoder, Processed
from threadly.marketplace.media.errors import PicturesBusy
from threadly.marketplace.media.limits import Quotas
from threadly.marketplace.media.policy import MOST_BYTES, file_of
from threadly.marketplace.media.service import Kept, note, note_by
from threadly.marketplace.media.store import Store

P = ParamSpec("P")
T = TypeVar("T")

UPLOADS: Final = Outcomes("threadly_uploads", "Pictures that members sent.", success="kept")

_PAUSES: Final = (0.1, 0.3, 1.0)
"""Seconds between attempts while files of the same name are being removed."""


class Transactions(Protocol):
    """Opens one for a function, and commits it: `core.database.Database` does."""

    async def run(self, function: Callable[Concatenate[Tx, P], Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the function returns."""


class Pictures:
    """Takes pictures in. Belongs to the edge: no transaction is open while it works.

    Args:
        tables: All that there are: a picture is used if any of them refers to it.
        quotas: What one member may keep.
    """

    def __init__(
        self, db: Transactions, decoder: Decoder, store: Store, tables: MetaData, quotas: Quotas | None = None
    ) -> None:
        self._db = db
        self._quotas = quotas or Quotas()
        self._decoder = decoder
        self._used = removal.uses(tables)
        self.store = store

    async def take(self, upload: bytes | Path, *, by: UUID | None = None) -> Kept:
        """Decodes a picture, outside of this process, and stores its files.

        Args:
            by: The member who sends it; None: the site itself, which may send as many as it likes.

        Raises:
            PictureQuotaReached: The member keeps as many as they may; the class says of what. Nothing was stored.
            PictureTooLarge, PictureRefused: It cannot be taken; the class says why. Nothing was stored.
            PicturesBusy: Too much to do at the moment. Nothing was stored.
            PicturesUnstorable, PicturesOutOfSpace: The store cannot take it. What was stored goes within a day.
        """
        with UPLOADS.measured():
            return await self.keep(await self.process(upload, by=by), by=by)

    async def process(self, upload: bytes | Path, *, by: UUID | None = None) -> Processed:
        """Decodes a picture, and stores nothing. Raises as `take` does."""
        if isinstance(upload, Path):
            upload = await asyncio.to_thread(_read, upload)
        processed = await self._decoder.decode(upload, by=by)
        deadlines.renew()  # decoding has limits of its own, and may have used up the request's time
        return processed

    async def keep(self, processed: Processed, *, by: UUID | None = None) -> Kept:
        """Stores the files of a picture. Raises as `take` does."""
        await self._note(processed, by)
        for width in sorted(processed.files, reverse=True):  # a store that is all but full refuses the largest first
            await self.store.put(file_of(processed.name, width), processed.files[width])
        return Kept(
            name=processed.name,
            width=processed.width,
            height=processed.height,
            placeholder=processed.placeholder,
        )

    async def close(self) -> None:
        """Ends the decoder's processes."""
        await self._decoder.close()

    async def _note(self, processed: Processed, by: UUID | None) -> None:
        for pause in _PAUSES:
            try:
                return await self._note_once(processed, by)
            except PicturesBusy:
                await asyncio.sleep(pause)
        return await self._note_once(processed, by)

    async def _note_once(self, processed: Processed, by: UUID | None) -> None:
        name = processed.name
        if by is None:
            await self._db.run(note, name)  # habit: edges-open-transactions - committed before files are stored
            return
        size = sum(map(len, processed.files.values()))
        await self._db.run(  # habit: edges-open-transactions - the same
            note_by, by, name, size=size, used=self._used, quotas=self._quotas
        )


def _read(upload: Path) -> bytes:
    with upload.open("rb") as file:
        return file.read(MOST_BYTES + 1)
