"""Of files that no camera makes, how many would each let through?

The corpus of `tests/marketplace/media/corpus` is shown to filetype and puremagic, which know a file by its first bytes,
to Pillow, which opens, verifies and loads it, and to the decoder with what is around it. A file is let through when
it is stored as it was sent; what the decoder makes of a picture is another file, and is counted as let through only if
a byte of the payload, a word about anything, or something behind the end is left in it.

    ./dev bench uploads              the whole corpus (--quick is the same)
"""

import argparse
import asyncio
import io
import re
import signal
import sys
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import filetype
import pillow_heif
import puremagic
from PIL import Image
from rich.console import Console
from rich.table import Table

from tests.marketplace.media.corpus import CORPUS, EvilFile
from threadly.marketplace.media import Decoder, PictureRefused

PICTURES: Final = {"image/jpeg", "image/png", "image/webp", "image/avif", "image/heic", "image/heif"}
ONLY_PICTURE: Final = re.compile(rb"RIFF....WEBP(VP8 |VP8L)....", re.DOTALL)
HEAD: Final = 20
LONGEST_SECONDS: Final = 10.0


def by_filetype(file: bytes) -> bool:
    """Whether filetype takes it for a picture that is allowed."""
    found = filetype.guess(file)
    return found is not None and found.mime in PICTURES


def by_puremagic(file: bytes) -> bool:
    """The same of puremagic, by its best guess."""
    with suppress(puremagic.PureError, ValueError):
        return puremagic.from_string(file, mime=True) in PICTURES
    return False


def by_pillow(file: bytes) -> bool:
    """Whether Pillow, with HEIC, verifies and loads it as a picture of a kind that is allowed, within ten seconds."""
    signal.setitimer(signal.ITIMER_REAL, LONGEST_SECONDS)
    try:
        with Image.open(io.BytesIO(file)) as picture:
            picture.verify()
        with Image.open(io.BytesIO(file)) as picture:
            picture.load()
            return Image.MIME.get(picture.format or "") in PICTURES
    except Exception:  # noqa: BLE001  whatever it says no by
        return False
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


async def by_decoder(decoder: Decoder, evil: EvilFile, file: bytes) -> bool:
    """Whether anything but the picture is left."""
    try:
        made = (await decoder.decode(file)).files.values()
    except PictureRefused:
        return False
    return any(not is_only_a_picture(each) or any(payload in each for payload in evil.payloads) for each in made)


def ended(*_: object) -> None:
    """Ends what takes too long: one text in a PNG keeps Pillow busy for minutes."""
    raise TimeoutError


def is_only_a_picture(webp: bytes) -> bool:
    """Whether a WebP is one chunk of pixels, to its last byte."""
    size = int.from_bytes(webp[16:20], "little")
    return ONLY_PICTURE.match(webp) is not None and len(webp) == HEAD + size + size % 2


async def measured() -> dict[str, tuple[int, float, float]]:
    """Files let through, milliseconds for all, and for the slowest one, by who was asked."""
    decoder = Decoder()
    told: dict[str, tuple[int, float, float]] = {}
    files = [(evil, evil.make()) for evil in CORPUS.values()]
    others: dict[str, Callable[[bytes], bool]] = {
        "filetype": by_filetype,
        "puremagic": by_puremagic,
        "Pillow: open, verify, load": by_pillow,
    }
    with suppress(PictureRefused):
        await decoder.decode(b"warm")
    for name in ("Threadly", *others):
        through, times = 0, []
        for evil, file in files:
            began = time.perf_counter()
            through += others[name](file) if name in others else await by_decoder(decoder, evil, file)
            times.append(1000 * (time.perf_counter() - began))
        told[name] = (through, sum(times), max(times))
    await decoder.close()
    return told


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="the same")
    parser.parse_args()
    warnings.simplefilter("ignore")  # Pillow's own, of bombs that it loads
    pillow_heif.register_heif_opener()
    signal.signal(signal.SIGALRM, ended)
    told = asyncio.run(measured())
    table = Table("who", "let through", "all of them", "the slowest", title=f"{len(CORPUS)} files that no camera makes")
    for name, (through, whole, slowest) in told.items():
        table.add_row(name, f"{through} of {len(CORPUS)}", f"{whole:.0f} ms", f"{slowest:.0f} ms")
    Console().print(table)
    return 1 if told["Threadly"][0] else 0


if __name__ == "__main__":
    sys.exit(main())
