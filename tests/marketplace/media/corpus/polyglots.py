"""Files that are two things at once."""

import io
import struct
import zlib
from functools import partial
from typing import Final

from PIL import Image

from tests.marketplace.media.corpus.evil_file import ARCHIVE, PHP, SCRIPT, EvilFile
from tests.marketplace.media.evil import a_gif, a_pdf, chunk, heic
from tests.photographs import a_jpeg, a_picture_file

_PNG_HEAD: Final = 33


def png() -> bytes:
    """A PNG."""
    return a_picture_file(".png", 120, 90)


def png_with(*chunks: bytes) -> bytes:
    """A PNG with these chunks behind its header."""
    whole = png()
    return whole[:_PNG_HEAD] + b"".join(chunks) + whole[_PNG_HEAD:]


def jpeg_with(marker: int, content: bytes) -> bytes:
    """A JPEG with this segment before all others."""
    whole = a_jpeg(120, 90)
    return whole[:2] + bytes((0xFF, marker)) + struct.pack("!H", len(content) + 2) + content + whole[2:]


def jpeg_that_is_a_script() -> bytes:
    """Whose first segment is as long as `/*` says, and whose comment ends that."""
    length = int.from_bytes(b"/*", "big")
    first = b"\xff\xe0/*" + (b"JFIF\0\1\1\0\0\1\0\1\0\0" + bytes(length))[: length - 2]
    comment = b"*/=1;alert('hello from within')/*"
    rest = a_jpeg(120, 90)[2:]
    return b"\xff\xd8" + first + b"\xff\xfe" + struct.pack("!H", len(comment) + 2) + comment + rest


def png_whose_palette_is_a_script() -> bytes:
    """The colours are spelled as a program."""
    out = io.BytesIO()
    picture = Image.new("P", (64, 64))
    colours = (PHP + SCRIPT)[:72]
    picture.putpalette(colours)
    picture.putdata([number % (len(colours) // 3) for number in range(64 * 64)])
    picture.save(out, "PNG")
    assert PHP in out.getvalue()
    return out.getvalue()


def webp_with(kind: bytes, content: bytes) -> bytes:
    """A WebP with one chunk more."""
    whole = a_picture_file(".webp", 120, 90)
    more = kind + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)
    return b"RIFF" + struct.pack("<I", len(whole) - 8 + len(more)) + whole[8:] + more


def box(kind: bytes, content: bytes) -> bytes:
    """Of AVIF and HEIC."""
    return struct.pack("!I", len(content) + 8) + kind + content


def a_bmp_that_is_a_script() -> bytes:
    """`BM=1;…`: its size is spelled as a program."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "BMP")
    return out.getvalue()[:2] + b"=1/*" + out.getvalue()[6:] + b"*/;alert('hello from within')"


CASES: Final = (
    EvilFile("a PNG with a page behind it", lambda: png() + b"<html>" + SCRIPT, payloads=(SCRIPT,)),
    EvilFile("a PNG with an archive behind it", lambda: png() + ARCHIVE, payloads=(b"PK\x03\x04", b"Applet")),
    EvilFile(
        "a PNG with a script in a text", lambda: png_with(chunk(b"tEXt", b"Title\0" + SCRIPT)), payloads=(SCRIPT,)
    ),
    EvilFile(
        "a PNG with a packed script in a text",
        lambda: png_with(chunk(b"iTXt", b"Title\0\1\0\0\0" + zlib.compress(SCRIPT))),
        payloads=(SCRIPT, zlib.compress(SCRIPT)),
    ),
    EvilFile("a PNG with an archive within it", lambda: png_with(chunk(b"arCh", ARCHIVE)), payloads=(b"PK\x03\x04",)),
    EvilFile("a PNG whose palette is a script", png_whose_palette_is_a_script, payloads=(PHP, SCRIPT[:20])),
    EvilFile("a JPEG with a page behind it", lambda: a_jpeg() + b"<html>" + SCRIPT, payloads=(SCRIPT,)),
    EvilFile("a JPEG with a script in its comment", partial(jpeg_with, 0xFE, PHP + SCRIPT), payloads=(PHP, SCRIPT)),
    EvilFile("a JPEG with an applet behind it", lambda: a_jpeg() + ARCHIVE, payloads=(b"PK\x03\x04", b"Applet")),
    EvilFile("a JPEG that is a PDF", lambda: jpeg_with(0xFE, b"\n" + a_pdf()[:9000]), payloads=(b"%PDF",)),
    EvilFile("a JPEG that is a script", jpeg_that_is_a_script, payloads=(b"alert(", b"/*")),
    EvilFile("a GIF with an applet behind it", lambda: a_gif() + ARCHIVE, "picture_unknown", file_name="photo.gif"),
    EvilFile("a GIF that is a script", lambda: b"GIF89a=1;alert('hello')//" + bytes(99), "picture_unknown"),
    EvilFile("a BMP that is a script", a_bmp_that_is_a_script, "picture_unknown"),
    EvilFile("a WebP with a page behind it", lambda: a_picture_file(".webp", 120, 90) + SCRIPT, payloads=(SCRIPT,)),
    EvilFile("a WebP with a script within it", partial(webp_with, b"JUNK", SCRIPT), payloads=(SCRIPT, b"JUNK")),
    EvilFile("an AVIF with a page behind it", lambda: a_picture_file(".avif", 120, 90) + SCRIPT, payloads=(SCRIPT,)),
    EvilFile(
        "an AVIF with a script in a free box",
        lambda: a_picture_file(".avif", 120, 90) + box(b"free", SCRIPT),
        payloads=(SCRIPT,),
    ),
    EvilFile("a HEIC with an archive behind it", lambda: heic(120, 90) + ARCHIVE, payloads=(b"PK\x03\x04",)),
    EvilFile(
        "a PDF with a JPEG behind it", lambda: a_pdf() + a_jpeg(), "picture_unknown", media_type="application/pdf"
    ),
)
