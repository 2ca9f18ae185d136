"""HEIC and AVIF whose boxes say what no encoder says: grids, loops, items that are elsewhere."""

import io
import struct
from collections.abc import Mapping, Sequence
from typing import Final

import pillow_heif
from PIL import Image

from tests.marketplace.media.corpus.evil_file import SCRIPT, EvilFile
from tests.marketplace.media.corpus.polyglots import box
from tests.marketplace.media.evil import heic
from tests.photographs import a_picture_file

_SIDE: Final = 64
_BEYOND: Final = 0x7FFFFFF0


def full(kind: bytes, content: bytes, *, version: int = 0, flags: int = 0) -> bytes:
    """A box with a version."""
    return box(kind, struct.pack("!I", version << 24 | flags) + content)


def found(file: bytes, kind: bytes) -> bytes:
    """The first box of this kind, whole."""
    at = file.index(kind) - 4
    return file[at : at + int.from_bytes(file[at : at + 4], "big")]


def built(
    *,
    grid: bytes,
    tiles: Sequence[int],
    claims: tuple[int, int],
    extents: Mapping[int, tuple[int, int]] | None = None,
    copies: int = 0,
) -> bytes:
    """An AVIF whose picture, item 1, is a grid of items; item 2 is a real one of 64 x 64.

    Args:
        grid: What item 1 says of itself.
        tiles: The items it is made of.
        claims: Its width and height.
        extents: Where an item is and how long, in place of the truth.
        copies: Further items that are nothing.
    """
    real = a_picture_file(".avif", _SIDE, _SIDE, keep="none")
    content, codec = found(real, b"mdat")[8:], found(real, b"av1C")
    ids = [1, 2, *range(3, 3 + copies)]
    kinds = {1: b"grid"}
    infos = b"".join(
        full(b"infe", struct.pack("!HH", each, 0) + kinds.get(each, b"av01") + b"\0", version=2) for each in ids
    )
    properties = box(
        b"ipco",
        full(b"ispe", struct.pack("!II", *claims)) + full(b"ispe", struct.pack("!II", _SIDE, _SIDE)) + codec,
    )
    belongs = struct.pack("!I", len(ids)) + b"".join(
        struct.pack("!HBB", each, 1, 1) if each == 1 else struct.pack("!HBBB", each, 2, 2, 0x83) for each in ids
    )
    refers = box(b"dimg", struct.pack("!HH", 1, len(tiles)) + b"".join(struct.pack("!H", each) for each in tiles))

    def whole(start: int) -> bytes:
        places = {1: (start, len(grid)), 2: (start + len(grid), len(content))} | dict(extents or {})
        located = b"".join(struct.pack("!HHHII", each, 0, 1, *places.get(each, places[2])) for each in ids)
        meta = full(
            b"meta",
            full(b"hdlr", bytes(4) + b"pict" + bytes(13))
            + full(b"pitm", struct.pack("!H", 1))
            + full(b"iloc", b"\x44\x00" + struct.pack("!H", len(ids)) + located)
            + full(b"iinf", struct.pack("!H", len(ids)) + infos)
            + full(b"iref", refers)
            + box(b"iprp", properties + full(b"ipma", belongs)),
        )
        return box(b"ftyp", b"avif\0\0\0\0avifmif1miaf") + meta

    head = whole(0)
    return whole(len(head) + 8) + box(b"mdat", grid + content)


def a_grid(rows: int, columns: int, width: int, height: int) -> bytes:
    """What an item says that is one."""
    return struct.pack("!BBBBII", 0, 1, rows - 1, columns - 1, width, height)


def grid(rows: int, columns: int) -> bytes:
    """A grid, each of whose tiles is the same picture."""
    width, height = columns * _SIDE, rows * _SIDE
    return built(grid=a_grid(rows, columns, width, height), tiles=[2] * (rows * columns), claims=(width, height))


def heic_of_many(pictures: int) -> bytes:
    """So many pictures in one file."""
    file = pillow_heif.from_pillow(Image.new("RGB", (64, 64), "red"))
    for number in range(1, pictures):
        file.add_from_pillow(Image.new("RGB", (64, 64), (number, 0, 0)))
    out = io.BytesIO()
    file.save(out, quality=10)
    return out.getvalue()


def heic_claiming(width: int, height: int) -> bytes:
    """A HEIC of so many pixels, by its own word."""
    file = bytearray(heic(128, 96))
    at = 0
    while (at := file.find(b"ispe", at)) >= 0:
        file[at + 8 : at + 16] = struct.pack("!II", width, height)
        at += 16
    return bytes(file)


def heic_with_exif() -> bytes:
    """What it tells is a script."""
    exif = Image.Exif()
    exif[0x010E] = SCRIPT.decode()
    return heic(128, 96, exif=exif.tobytes())


CASES: Final = (
    EvilFile("an AVIF that is a grid of 4 x 4", lambda: grid(4, 4)),
    EvilFile("an AVIF that is a grid of 255 x 256", lambda: grid(255, 256), "picture_damaged"),
    EvilFile(
        "an AVIF whose grid is made of itself",
        lambda: built(grid=a_grid(1, 1, 64, 64), tiles=[1], claims=(64, 64)),
        "picture_damaged",
    ),
    EvilFile(
        "an AVIF whose grid lacks a tile",
        lambda: built(grid=a_grid(2, 2, 128, 128), tiles=[2, 2, 2], claims=(128, 128)),
        "picture_damaged",
    ),
    EvilFile(
        "an AVIF whose picture is beyond its end",
        lambda: built(grid=a_grid(1, 1, 64, 64), tiles=[2], claims=(64, 64), extents={2: (_BEYOND, 5000)}),
        "picture_damaged",
    ),
    EvilFile(
        "an AVIF with 20,000 items",
        lambda: built(grid=a_grid(1, 1, 64, 64), tiles=[2], claims=(64, 64), copies=20_000),
        "picture_damaged",
    ),
    EvilFile(
        "an AVIF of no pixel",
        lambda: built(grid=a_grid(1, 1, 0, 0), tiles=[2], claims=(0, 0)),
        "picture_damaged",
    ),
    EvilFile("a HEIC of 60 pictures", lambda: heic_of_many(60)),
    EvilFile("a HEIC that claims 60,000 x 60,000", lambda: heic_claiming(60_000, 60_000), "picture_too_many_pixels"),
    EvilFile("a HEIC whose EXIF is a script", heic_with_exif, payloads=(SCRIPT,), file_name="photo.heic"),
)
