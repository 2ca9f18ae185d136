"""Draws what is missing from a store of pictures, and remembers what is there.

Guaranteed: a file is whole or absent; what was drawn before, by the same program, is not drawn again, also when the
process that drew it was killed; the same looks have the same names. Not guaranteed: that two processes which draw at
the same moment share their work; they only write the same bytes twice.
"""

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Final, Protocol

import msgspec
import pyvips

from threadly.marketplace.media import WIDTHS, PictureNotFound, Store, file_of, name_of

_INDEX: Final = ".drawn.json"  # no picture's name, so no address leads to it
_REMEMBER_EVERY: Final = 50
_TOLD_EVERY: Final = 4


class Drawn(msgspec.Struct, frozen=True):
    """A picture whose files are in the store."""

    name: str
    width: int
    height: int
    placeholder: str


class Drawing(Protocol):
    """What a draughtsman hands over."""

    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def placeholder(self) -> str: ...
    @property
    def files(self) -> Mapping[int, bytes]: ...


async def fill(
    store: Store,
    wanted: Sequence[object],
    draw: Callable[[Sequence[object]], Iterable[Drawing]],
    told: Callable[[int], None],
) -> list[Drawn]:
    """The pictures of all that is `wanted`, in its order; `draw` is asked for those that the store lacks, in order.

    `told` hears, on this event loop, how many are ready. What is wanted is known by its `repr`.

    Raises:
        PicturesUnstorable, PicturesOutOfSpace: The store does not take them.
    """
    version = await asyncio.to_thread(_version)
    keys = [hashlib.blake2b(f"{version}|{thing!r}".encode(), digest_size=16).hexdigest() for thing in wanted]
    there = {stored.file async for batch in store.listed() for stored in batch}
    remembered = await _remembered(store) if _INDEX in there else {}
    known = {key: drawn for key, drawn in remembered.items() if there.issuperset(_files(drawn.name))}
    missing = {key: thing for key, thing in zip(keys, wanted, strict=True) if key not in known}
    ready = len(wanted) - len(missing)
    told(ready)
    drawings = iter(draw(list(missing.values())))
    try:
        for done, key in enumerate(missing, start=1):
            known[key] = await _kept(store, await _next(drawings), there)
            if done % _REMEMBER_EVERY == 0:
                await _remember(store, remembered | known)
            if done % _TOLD_EVERY == 0 or done == len(missing):
                told(ready + done)
    finally:
        if missing:
            await _remember(store, remembered | known)
    return [known[key] for key in keys]


async def _next(drawings: Iterator[Drawing]) -> Drawing:
    """The next drawing, made in a thread; if nobody wants it any more, the one in hand is still finished."""
    drawing = asyncio.create_task(asyncio.to_thread(next, drawings))
    try:
        return await asyncio.shield(drawing)
    except asyncio.CancelledError:
        await asyncio.wait([drawing])
        raise


async def _kept(store: Store, drawing: Drawing, there: set[str]) -> Drawn:
    name = name_of(drawing.files[max(WIDTHS)])
    for width in WIDTHS:
        if file_of(name, width) not in there:
            await store.put(file_of(name, width), drawing.files[width])
    return Drawn(name=name, width=drawing.width, height=drawing.height, placeholder=drawing.placeholder)


def _files(name: str) -> Iterator[str]:
    return (file_of(name, width) for width in WIDTHS)


async def _remembered(store: Store) -> dict[str, Drawn]:
    try:
        return msgspec.json.decode(await store.get(_INDEX), type=dict[str, Drawn])
    except (PictureNotFound, msgspec.DecodeError):
        return {}  # it has just gone, or is of another time: everything is drawn anew


async def _remember(store: Store, known: Mapping[str, Drawn]) -> None:
    await store.put(_INDEX, msgspec.json.encode(known))


def _version() -> str:
    """Changes with the program that draws: the same look may look otherwise afterwards."""
    digest = hashlib.blake2b(digest_size=8)
    digest.update(bytes(pyvips.version(part) for part in range(3)))
    sample = files("threadly.sample")
    drawers = [sample / "avatars.py", *(sample / "pictures").iterdir()]
    for file in sorted(drawers, key=lambda file: file.name):
        if file.name.endswith(".py"):
            digest.update(file.read_bytes())
    return digest.hexdigest()
