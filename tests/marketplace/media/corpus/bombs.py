"""Files that are small to send, and large to read."""

import gzip
import io
import struct
import zlib
from functools import partial
from typing import Final

import pyvips
from PIL import Image, PngImagePlugin

from tests.marketplace.media.corpus.evil_file import SCRIPT, EvilFile
from tests.marketplace.media.corpus.polyglots import png_with
from tests.marketplace.media.evil import (
    HUGE,
    chunk,
    jpeg_claiming,
    png_bomb,
    png_claiming,
    png_thread,
    webp_claiming,
)
from tests.photographs import a_jpeg, a_picture_file

_BULK: Final = 200 << 20
_SCANS: Final = 4000


def packed(size: int = _BULK) -> bytes:
    """So many zeros, in a thousandth of that."""
    squeeze = zlib.compressobj(9)
    piece = bytes(1 << 20)
    return b"".join(squeeze.compress(piece) for _ in range(size >> 20)) + squeeze.flush()


def jpeg_of_scans(scans: int = _SCANS) -> bytes:
    """A progressive JPEG whose last scan is told again and again."""
    whole: bytes = pyvips.Image.black(4000, 4000, bands=3).copy(interpretation="srgb").jpegsave_buffer(interlace=True)
    last = whole.rindex(b"\xff\xda")
    return whole[:-2] + whole[last:-2] * scans + whole[-2:]


def jpeg_of_segments() -> bytes:
    """A JPEG with fifty thousand segments that say nothing."""
    whole = a_jpeg(120, 90)
    return whole[:2] + b"\xff\xeb\x00\x06evil" * 50_000 + whole[2:]


def moving(kind: str, frames: int) -> bytes:
    """So many frames, each unlike the others."""
    pictures = [Image.new("RGB", (64, 48), (number % 256, number // 256, 99)) for number in range(frames)]
    out = io.BytesIO()
    pictures[0].save(out, kind, save_all=True, append_images=pictures[1:], duration=10)
    return out.getvalue()


def png_of_texts() -> bytes:
    """A PNG with a hundred thousand texts."""
    return png_with(*(chunk(b"tEXt", b"Comment\0%d" % number) for number in range(100_000)))


def lossless_webp(side: int) -> bytes:
    """A WebP of one colour, honestly so large."""
    out = io.BytesIO()
    Image.new("RGB", (side, side), "teal").save(out, "WEBP", lossless=True, quality=0, method=0)
    return out.getvalue()


def png_with_a_huge_profile() -> bytes:
    """A colour profile that is larger than any picture."""
    return png_with(chunk(b"iCCP", b"bomb\0\0" + packed()))


def png_with_text(kind: bytes) -> bytes:
    """A text that takes two hundred megabytes to read."""
    head = b"Comment\0\0" if kind == b"zTXt" else b"Comment\0\1\0\0\0"
    return png_with(chunk(kind, head + packed()))


def png_with_xmp() -> bytes:
    """Eight megabytes of XMP, unpacked."""
    out = io.BytesIO()
    told = PngImagePlugin.PngInfo()
    told.add_itxt("XML:com.adobe.xmp", "<x>" + "<y>" * 2_600_000 + SCRIPT.decode())
    Image.new("RGB", (64, 48)).save(out, "PNG", pnginfo=told)
    return out.getvalue()


CASES: Final = (
    EvilFile("a PNG that claims 60,000 x 60,000", lambda: png_claiming(HUGE, HUGE), "picture_too_many_pixels"),
    EvilFile("a PNG that is 10,000 x 10,000 of one colour", lambda: png_bomb(10_000), "picture_too_many_pixels"),
    EvilFile("a PNG of 49,999,999 rows", lambda: png_thread(49_999_999), "picture_too_long"),
    EvilFile("a PNG of nearly 50 megapixels", lambda: png_bomb(7071)),
    EvilFile("a PNG whose profile is 200 MB", png_with_a_huge_profile),
    EvilFile("a PNG with a packed text of 200 MB", partial(png_with_text, b"zTXt")),
    EvilFile("a PNG with a packed international text of 200 MB", partial(png_with_text, b"iTXt")),
    EvilFile("a PNG with 100,000 texts", png_of_texts, payloads=(b"Comment",)),
    EvilFile("a PNG with 8 MB of XMP", png_with_xmp, payloads=(SCRIPT, b"<y>")),
    EvilFile("a PNG of 2,000 frames", partial(moving, "PNG", 2000), payloads=(b"fdAT",)),
    EvilFile("a JPEG that claims 60,000 x 60,000", lambda: jpeg_claiming(HUGE, HUGE), "picture_too_many_pixels"),
    EvilFile("a JPEG of thousands of scans", jpeg_of_scans, "picture_damaged"),
    EvilFile("a JPEG of 50,000 segments", jpeg_of_segments, payloads=(b"evil",)),
    EvilFile("a WebP that claims 16,000 x 16,000", lambda: webp_claiming(16_000, 16_000), "picture_too_many_pixels"),
    EvilFile("a lossless WebP of 7,500 x 7,500", partial(lossless_webp, 7500), "picture_too_many_pixels"),
    EvilFile("a WebP of 500 frames", partial(moving, "WEBP", 500), payloads=(b"ANMF",)),
    EvilFile(
        "a GIF of 65,000 x 65,000",
        lambda: b"GIF89a" + struct.pack("<HH", 65_000, 65_000) + bytes(99),
        "picture_unknown",
    ),
    EvilFile("zeros, packed by gzip", lambda: gzip.compress(bytes(_BULK), 9), "picture_unknown"),
    EvilFile("an AVIF that claims 60,000 x 60,000", lambda: _avif_claiming(HUGE, HUGE), "picture_too_many_pixels"),
)


def _avif_claiming(width: int, height: int) -> bytes:
    file = bytearray(a_picture_file(".avif", 120, 90))
    at = file.index(b"ispe") + 8
    file[at : at + 8] = struct.pack("!II", width, height)
    return bytes(file)
