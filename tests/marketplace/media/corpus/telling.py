"""Files that tell more than a picture."""

import io
import struct
import zlib
from functools import partial
from typing import Final

from PIL import Image

from tests.marketplace.media.corpus.evil_file import SCRIPT, EvilFile
from tests.marketplace.media.corpus.polyglots import jpeg_with, png_with
from tests.marketplace.media.evil import SCRIPT as TOLD
from tests.marketplace.media.evil import chunk, telling_jpeg, wide_gamut_png
from tests.photographs import a_jpeg, a_scene

_XMP: Final = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>" + SCRIPT + b"</x:xmpmeta>"


def jpeg_of_xmp() -> bytes:
    """Eight megabytes of XMP, in a hundred and thirty segments."""
    whole = a_jpeg(120, 90)
    guid = b"0123456789ABCDEF0123456789ABCDEF"
    pieces = [
        b"http://ns.adobe.com/xmp/extension/\0" + guid + struct.pack("!II", 8_000_000, at) + SCRIPT * 1400
        for at in range(0, 8_000_000, 61_000)
    ]
    segments = b"".join(b"\xff\xe1" + struct.pack("!H", len(piece) + 2) + piece for piece in pieces)
    return whole[:2] + segments + whole[2:]


def jpeg_of_profile(profile: bytes) -> bytes:
    """With this as its colour profile."""
    return jpeg_with(0xE2, b"ICC_PROFILE\0\x01\x01" + profile)


def profile(space: bytes, *, says: int = 0) -> bytes:
    """A colour profile that is next to nothing, of a space, that says how long it is."""
    head = bytearray(132)
    head[0:4] = struct.pack("!I", says or 132)
    head[8:12], head[12:16], head[16:20], head[20:24] = b"\x04\0\0\0", b"mntr", space, b"XYZ "
    head[36:40] = b"acsp"
    return bytes(head)


def jpeg_with_a_thumbnail() -> bytes:
    """The small picture in its EXIF shows what the large one no longer does."""
    small = a_jpeg(60, 40, Q=91)
    first = b"II*\0" + struct.pack("<IHI", 8, 0, 14)  # nothing in it, and the second one is at 14
    second = struct.pack("<HHHII", 2, 0x0201, 4, 1, 44) + struct.pack("<HHII", 0x0202, 4, 1, len(small)) + bytes(4)
    return jpeg_with(0xE1, b"Exif\0\0" + first + second + small)


def spoken(kind: str) -> bytes:
    """A picture whose EXIF and XMP are scripts."""
    exif = Image.Exif()
    exif[0x010E] = SCRIPT.decode()
    out = io.BytesIO()
    picture = Image.frombytes("RGB", (120, 90), a_scene(120, 90).write_to_memory())
    picture.save(out, kind, exif=exif, xmp=_XMP)
    return out.getvalue()


CASES: Final = (
    EvilFile("a JPEG whose EXIF is a script", telling_jpeg, payloads=(TOLD, b"Mila")),
    EvilFile("a JPEG with 60 kB of EXIF", partial(telling_jpeg, bulk=60_000), payloads=(TOLD, b"xxxxxxxx")),
    EvilFile("a JPEG with 8 MB of XMP", jpeg_of_xmp, payloads=(SCRIPT,)),
    EvilFile(
        "a JPEG whose IPTC is a script", partial(jpeg_with, 0xED, b"Photoshop 3.0\0" + SCRIPT), payloads=(SCRIPT,)
    ),
    EvilFile("a JPEG with another picture in its EXIF", jpeg_with_a_thumbnail, payloads=(b"\xff\xd8\xff", b"Exif")),
    EvilFile("a JPEG whose profile is noise", lambda: jpeg_of_profile(SCRIPT * 100), payloads=(SCRIPT,)),
    EvilFile("a JPEG whose profile is 4 GB by its own word", lambda: jpeg_of_profile(profile(b"RGB ", says=2**32 - 1))),
    EvilFile("a JPEG whose profile is a printer's", lambda: jpeg_of_profile(profile(b"CMYK"))),
    EvilFile(
        "a PNG whose profile is a script",
        lambda: png_with(chunk(b"iCCP", b"sRGB\0\0" + zlib.compress(profile(b"RGB ") + SCRIPT))),
        payloads=(SCRIPT, b"iCCP"),
    ),
    EvilFile("a PNG in a wide gamut", wide_gamut_png, payloads=(b"iCCP", b"acsp")),
    EvilFile("a WebP whose EXIF and XMP are scripts", partial(spoken, "WEBP"), payloads=(SCRIPT,)),
    EvilFile("an AVIF whose EXIF and XMP are scripts", partial(spoken, "AVIF"), payloads=(SCRIPT,)),
)
