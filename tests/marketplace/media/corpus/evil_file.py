"""What the corpus is made of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

CLEAN: Final = "clean"
"""What becomes of it is a WebP that tells nothing but the picture."""

SCRIPT: Final = b"<script>alert('hello from within')</script>"
PHP: Final = b"<?php system($_GET['c']); ?>"
ARCHIVE: Final = b"PK\x03\x04\x14\x00\x00\x00\x00\x00payload/Applet.class" + bytes(40) + b"PK\x05\x06" + bytes(18)


@dataclass(frozen=True, slots=True)
class EvilFile:
    """One file, and how it is sent."""

    name: str
    make: Callable[[], bytes]
    becomes: str = CLEAN
    """`CLEAN`, or the code of its refusal."""
    payloads: tuple[bytes, ...] = ()
    """Of which nothing may be left."""
    file_name: str = "photo.jpg"
    media_type: str = "image/jpeg"
