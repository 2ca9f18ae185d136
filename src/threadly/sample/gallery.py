"""Draws what is missing from a folder of pictures, and remembers what is there.

Guaranteed: a file is whole or absent; what was drawn before, by the same program, is not drawn again, also when the
process that drew it was killed; the same looks have the same names. Not guaranteed: that two processes which draw at
the same moment share their work; they only write the same bytes twice.
"""

import asyncio
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Event
from typing import Final, Protocol

import msgspec
import pyvips

from threadly.marketplace.media import WIDTHS

_INDEX: Final = ".drawn.json"  # no picture's name, so no address leads to it
_REMEMBER_EVERY: Final = 50
_TOLD_EVERY: Final = 4


class Drawn(msgspec.Struct, frozen=True):
    """A picture whose files are in the folder."""

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
    folder: Path,
    wanted: Sequence[object],
    draw: Callable[[Sequence[object]], Iterable[Drawing]],
    told: Callable[[int], None],
) -> list[Drawn]:
    """The pictures of all that is `wanted`, in its order; `draw` is asked for those that the folder lacks, in order.

    `told` hears, on this event loop, how many are ready. What is wanted is known by its `repr`.
    """
    loop = asyncio.get_running_loop()
    stop = Event()

    def tell(ready: int) -> None:
        loop.call_soon_threadsafe(told, ready)

    work = asyncio.create_task(asyncio.to_thread(_filled, folder, wanted, draw, tell, stop))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        stop.set()  # the thread ends after the picture in hand; what it has drawn stays for the next time
        await asyncio.wait([work])
        raise


def _filled(
    folder: Path,
    wanted: Sequence[object],
    draw: Callable[[Sequence[object]], Iterable[Drawing]],
    told: Callable[[int], None],
    stop: Event,
) -> list[Drawn]:
    folder.mkdir(parents=True, exist_ok=True)
    version = _version()
    keys = [hashlib.blake2b(f"{version}|{thing!r}".encode(), digest_size=16).hexdigest() for thing in wanted]
    known = {key: drawn for key, drawn in _remembered(folder).items() if _is_whole(folder, drawn.name)}
    missing = {key: thing for key, thing in zip(keys, wanted, strict=True) if key not in known}
    ready = len(wanted) - len(missing)
    told(ready)
    try:
        for done, (key, drawing) in enumerate(zip(missing, _each(draw(list(missing.values()))), strict=True), start=1):
            known[key] = _kept(folder, drawing)
            if done % _REMEMBER_EVERY == 0:
                _remember(folder, known)
            if done % _TOLD_EVERY == 0 or done == len(missing):
                told(ready + done)
            if stop.is_set():
                raise InterruptedError("the drawing was called off")
    finally:
        if missing:
            _remember(folder, known)
    return [known[key] for key in keys]


def _each(drawings: Iterable[Drawing]) -> Iterator[Drawing]:
    yield from drawings


def _kept(folder: Path, drawing: Drawing) -> Drawn:
    name = hashlib.blake2b(drawing.files[max(WIDTHS)], digest_size=16).hexdigest()
    for width in WIDTHS:
        place = folder / f"{name}-{width}.webp"
        if not place.exists():
            _write(place, drawing.files[width])
    return Drawn(name=name, width=drawing.width, height=drawing.height, placeholder=drawing.placeholder)


def _write(place: Path, content: bytes) -> None:
    """All or nothing, also for readers at this very moment, and also when the power goes."""
    with NamedTemporaryFile(dir=place.parent, prefix=".drawing-", delete=False) as draft:
        try:
            draft.write(content)
            draft.flush()
            os.fchmod(draft.fileno(), 0o644)
            os.fsync(draft.fileno())
            Path(draft.name).replace(place)
        except BaseException:
            Path(draft.name).unlink(missing_ok=True)
            raise


def _is_whole(folder: Path, name: str) -> bool:
    return all((folder / f"{name}-{width}.webp").is_file() for width in WIDTHS)


def _remembered(folder: Path) -> dict[str, Drawn]:
    try:
        return msgspec.json.decode((folder / _INDEX).read_bytes(), type=dict[str, Drawn])
    except (FileNotFoundError, msgspec.DecodeError):
        return {}  # the folder is new, or its memory is of another time: it is drawn anew


def _remember(folder: Path, known: Mapping[str, Drawn]) -> None:
    _write(folder / _INDEX, msgspec.json.encode(_remembered(folder) | dict(known)))


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
