"""Files that are cut short, lie about their size, spell pixels oddly, or are sent under a false name."""

import struct
import zlib
from collections.abc import Callable
from functools import partial
from typing import Final

from tests.marketplace.media.corpus.evil_file import PHP, EvilFile
from tests.marketplace.media.evil import chunk, cmyk_jpeg, heic, jpeg_claiming, png_claiming, webp_claiming
from tests.photographs import a_jpeg, a_picture_file

_DAMAGED: Final = "picture_damaged"
_NEGATIVE: Final = 0x80000001


def cut(make: Callable[[], bytes], tenths: int) -> bytes:
    """The first so many tenths."""
    whole = make()
    return whole[: len(whole) * tenths // 10]


def deep_png() -> bytes:
    """Sixteen bits of each of four channels."""
    rows = b"".join(b"\0" + struct.pack("!4H", 50_000, 25_000, 12_000, 30_000) * 64 for _ in range(64))
    return png_of(64, 64, 16, 6, rows)


def png_of(width: int, height: int, bits: int, colour: int, rows: bytes, *more: bytes) -> bytes:
    """A PNG of exactly these rows, each with its filter before it."""
    head = chunk(b"IHDR", struct.pack("!IIBBBBB", width, height, bits, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def palette_png(colours: int, index: int, transparent: int = 0) -> bytes:
    """Whose pixels are all of this colour, of a palette of so many, so many of them transparent."""
    more = [chunk(b"PLTE", bytes(range(3)) * colours)]
    if transparent:
        more.append(chunk(b"tRNS", bytes(transparent)))
    return png_of(64, 64, 8, 3, (b"\0" + bytes([index]) * 64) * 64, *more)


def with_wrong_sums() -> bytes:
    """A PNG whose every checksum is wrong."""
    file = bytearray(a_picture_file(".png", 120, 90))
    file[29] ^= 0xFF
    file[-1] ^= 0xFF
    return bytes(file)


def webp_of_another_length(length: int) -> bytes:
    """A WebP that says it is so long."""
    whole = a_picture_file(".webp", 120, 90)
    return whole[:4] + struct.pack("<I", length) + whole[8:]


def webp_of_no_pixel() -> bytes:
    """A lossy WebP whose frame is 0 x 0."""
    file = bytearray(a_picture_file(".webp", 120, 90))
    at = file.index(b"\x9d\x01\x2a") + 3
    file[at : at + 4] = bytes(4)
    return bytes(file)


def _named(name: str, file_name: str, media_type: str = "image/jpeg") -> EvilFile:
    return EvilFile(name, partial(a_jpeg, 120, 90), file_name=file_name, media_type=media_type)


CASES: Final = (
    EvilFile("half of a JPEG", partial(cut, a_jpeg, 5), _DAMAGED),
    EvilFile("half of a PNG", partial(cut, partial(a_picture_file, ".png", 120, 90), 5), _DAMAGED),
    EvilFile("half of a WebP", partial(cut, partial(a_picture_file, ".webp", 120, 90), 5), _DAMAGED),
    EvilFile("nine tenths of an AVIF", partial(cut, partial(a_picture_file, ".avif", 120, 90), 9), _DAMAGED),
    EvilFile("nine tenths of a HEIC", partial(cut, partial(heic, 120, 90), 9), _DAMAGED),
    EvilFile(
        "the first bytes of a JPEG over a program", lambda: b"\xff\xd8\xff" + PHP, _DAMAGED, file_name="a.php.jpg"
    ),
    EvilFile("a PNG that claims no pixel", lambda: png_claiming(0, 10), _DAMAGED),
    EvilFile("a PNG that claims less than no pixel", lambda: png_claiming(_NEGATIVE, 10), "picture_too_many_pixels"),
    EvilFile("a PNG whose sums are wrong", with_wrong_sums, _DAMAGED),
    EvilFile("a JPEG that claims no row", lambda: jpeg_claiming(64, 0), _DAMAGED),
    EvilFile("a JPEG that claims ten times as much", lambda: jpeg_claiming(640, 640)),
    EvilFile("a WebP of no pixel", webp_of_no_pixel, _DAMAGED),
    EvilFile("a WebP that claims more than it has", lambda: webp_claiming(3000, 3000), _DAMAGED),
    EvilFile("a WebP that is longer than it is", lambda: webp_of_another_length(2**32 - 1), _DAMAGED),
    EvilFile("a JPEG for a printer", cmyk_jpeg, payloads=(b"Adobe",)),
    EvilFile("a PNG of sixteen bits and air", deep_png),
    EvilFile("a PNG of colours beyond its palette", partial(palette_png, 2, 255)),
    EvilFile("a PNG of more air than colours", partial(palette_png, 2, 1, 256)),
    _named("a JPEG named as a way out", "../../../../etc/cron.d/evil"),
    _named("a JPEG named as a program", "shell.php", "application/x-php"),
    _named("a JPEG named from right to left", "photo\u202egpj.exe"),
    _named("a JPEG of a very long name", "a" * 500 + ".jpg"),
    _named("a JPEG that calls itself a page", "photo.jpg", "text/html"),
    _named("a JPEG that calls itself an SVG", "photo.svg", "image/svg+xml"),
)
