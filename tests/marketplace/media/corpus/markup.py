"""Files that are no pictures: drawings, pages, programs, and pictures of kinds that are not read here."""

import gzip
import io
import struct
from functools import partial
from typing import Final

from PIL import Image

from tests.marketplace.media.corpus.evil_file import SCRIPT, EvilFile
from tests.marketplace.media.evil import SVG, a_pdf, a_tiff

_UNKNOWN: Final = "picture_unknown"
_DRAWING: Final = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">' + SCRIPT + b"</svg>"
_ENTITY: Final = b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>'
_LAUGHS: Final = (
    b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + number, b"&%c;" % (97 + number) * 10) for number in range(9))
    + b"]><svg>&j;</svg>"
)
_MVG: Final = (
    b"push graphic-context\nviewbox 0 0 640 480\nfill 'url(https://127.0.0.1/x.jpg\"|id\")'\npop graphic-context"
)
_MSL: Final = b'<image><read filename="caption:hello"/><write filename="/tmp/evil.php"/></image>'
_POSTSCRIPT: Final = b"%!PS-Adobe-3.0 EPSF-3.0\n(%pipe%id) (w) file\nshowpage\n"
_JXL: Final = b"\x00\x00\x00\x0cJXL \x0d\x0a\x87\x0a" + bytes(99)
_RAW: Final = b"II*\x00\x10\x00\x00\x00CR\x02\x00" + bytes(500)
_PSD: Final = b"8BPS\0\1" + bytes(6) + struct.pack("!HIIHH", 3, 9, 9, 8, 3) + bytes(99)


def saved(kind: str) -> bytes:
    """A picture of this kind."""
    out = io.BytesIO()
    Image.new("RGB", (32, 32), "teal").save(out, kind)
    return out.getvalue()


CASES: Final = (
    EvilFile("an SVG with a script", lambda: _DRAWING, _UNKNOWN, file_name="photo.svg", media_type="image/svg+xml"),
    EvilFile("an SVG that calls itself a JPEG", lambda: SVG, _UNKNOWN),
    EvilFile("an SVG that asks for a file", lambda: _ENTITY, _UNKNOWN),
    EvilFile("an SVG of a billion laughs", lambda: _LAUGHS, _UNKNOWN),
    EvilFile("a packed SVG", lambda: gzip.compress(_DRAWING), _UNKNOWN, file_name="photo.svgz"),
    EvilFile("a page", lambda: b"<!doctype html>" + SCRIPT, _UNKNOWN, file_name="photo.html", media_type="text/html"),
    EvilFile("an MVG", lambda: _MVG, _UNKNOWN),
    EvilFile("an MSL", lambda: _MSL, _UNKNOWN),
    EvilFile("a PostScript", lambda: _POSTSCRIPT, _UNKNOWN),
    EvilFile("a PDF", a_pdf, _UNKNOWN),
    EvilFile("a TIFF", a_tiff, _UNKNOWN),
    EvilFile("a BMP", partial(saved, "BMP"), _UNKNOWN),
    EvilFile("an ICO", partial(saved, "ICO"), _UNKNOWN),
    EvilFile("a raw photograph", lambda: _RAW, _UNKNOWN),
    EvilFile("a JPEG XL", lambda: _JXL, _UNKNOWN),
    EvilFile("a Photoshop file", lambda: _PSD, _UNKNOWN),
    EvilFile("a program for Windows", lambda: b"MZ" + bytes(500), _UNKNOWN, file_name="photo.jpg.exe"),
    EvilFile("nothing", lambda: b"", _UNKNOWN),
)
