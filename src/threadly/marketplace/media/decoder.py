"""The program that decodes what strangers send, in a process of its own, which has nothing to lose.

Run by path, as `python -P -s decoder.py PLAN`, so that next to nothing of Threadly is loaded with it. Standard input
brings pictures, one after another, each as its length (four bytes, network order), a mark (eight), and its bytes. Each
is answered by its mark, the length of a head, the head (JSON), and the files that the head tells the lengths of, one
after another.

Only the four loaders named here can be reached, each chosen by the first bytes of a picture. The process can open and
write no file, no socket and no program, not even if a loader is taken over (`core.seccomp`); it gets so much memory and
processor time and no more, and ends with the one that started it. Its first head says what this machine lacks of that:
only Linux has all of it.
"""

import base64
import ctypes
import json
import os
import resource
import struct
import sys
from pathlib import Path
from typing import Any, BinaryIO, Final, TypedDict

import pillow_heif
import pyvips

from threadly.core import seccomp

_LENGTH: Final = struct.Struct("!I")
_MARK_BYTES: Final = 8
_QUALITY: Final = {320: 82, 640: 80, 1280: 76}
_USUAL_QUALITY: Final = 78
_EFFORT: Final = 3
_TINY: Final = 16  # pixels across a placeholder
_WHITE: Final = [255, 255, 255]
_READABLE: Final = ("Jpeg", "Png", "Webp", "Heif")
_AVIF: Final = {b"avif", b"avis"}
_HEIC: Final = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"}
_LONGEST_BRANDS: Final = 256
_PNG_HEADER: Final = 24
_PR_SET_PDEATHSIG: Final = 1
_PR_SET_NO_NEW_PRIVS: Final = 38
_SIGKILL: Final = 9
_CAPABILITIES_VERSION: Final = 0x20080522


class Plan(TypedDict):
    """What the program is told, as JSON in its only argument."""

    parent: int
    widths: list[int]
    tallest: int
    most_bytes: int
    most_pixels: int
    longest_side: int
    most_slender: int
    """How many times as long as its shorter side the longer one may be."""
    longest_placeholder: int
    memory_bytes: int
    """By which the process may grow beyond what it is at rest."""
    cpu_seconds: int
    """As long as it lives; for each picture, its parent counts."""


class Refused(Exception):
    """This picture cannot be taken; the text is for programs."""


def main(plan: Plan) -> int:
    """Decodes until its input ends; the exit code."""
    answers = _own_output()
    statm = os.open("/proc/self/statm", os.O_RDONLY) if sys.platform == "linux" else None
    _give_up_rights(plan)
    _warm(plan)
    lack = _confine(plan, statm)
    _answer(answers, {"lack": lack} | _spent(statm), [])  # ready
    while (question := _next(sys.stdin.buffer, plan["most_bytes"])) is not None:
        mark, picture = question
        del question
        try:
            head, files = decoded(picture, plan)
        except Refused as refusal:
            head, files = {"refused": str(refusal)}, []
        except (pyvips.Error, ValueError, RuntimeError, OSError, EOFError, SyntaxError):
            head, files = {"refused": "damaged"}, []
        except MemoryError:
            head, files = {"refused": "too_demanding"}, []
        del picture
        answers.write(mark)
        _answer(answers, head | _spent(statm), files)
    return 0


def decoded(picture: bytes, plan: Plan) -> tuple[dict[str, Any], list[bytes]]:
    """What is made of a picture: the facts, and the file of each width.

    Raises:
        Refused: It is of no kind that is read, or claims too many pixels, or too long a shape.
        pyvips.Error, ValueError, RuntimeError, OSError: It is damaged.
    """
    largest = _opened(picture, plan)
    if largest.hasalpha():
        largest = largest.flatten(background=_WHITE)
    largest = largest.colourspace("srgb").cast("uchar").copy_memory()
    if largest.bands != len(_WHITE):
        raise Refused("damaged")
    files = [_webp(_fitted(largest, width, plan), _QUALITY.get(width, _USUAL_QUALITY)) for width in plan["widths"]]
    return {
        "width": largest.width,
        "height": largest.height,
        "placeholder": _placeholder(largest, plan),
        "files": [len(file) for file in files],
    }, files


def kind(picture: bytes) -> str | None:
    """What a picture is by its first bytes: `jpeg`, `png`, `webp`, `avif` or `heic`; None for anything else."""
    if picture.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if picture.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if picture[:4] == b"RIFF" and picture[8:12] == b"WEBP":
        return "webp"
    if picture[4:8] == b"ftyp":
        end = min(int.from_bytes(picture[:4], "big"), _LONGEST_BRANDS)
        brands = [picture[8:12], *(picture[at : at + 4] for at in range(16, end, 4))]
        for brand in brands:  # the major one first
            if brand in _AVIF:
                return "avif"
            if brand in _HEIC:
                return "heic"
    return None


def _opened(picture: bytes, plan: Plan) -> pyvips.Image:
    """The picture in its largest size, upright, in sRGB where it tells of another space."""
    width = max(plan["widths"])
    fit: dict[str, Any] = {"height": width * plan["tallest"], "size": "down"}
    found = kind(picture)
    _bounded(*_claimed(picture, found), plan)  # by our own reading of the first bytes, where those tell
    match found:
        case None:
            raise Refused("unknown")
        case "heic":
            image = _heic(picture, plan)
            return image.thumbnail_image(width, **fit, **_colours(image))
        case "jpeg":
            claim = pyvips.Image.jpegload_buffer(picture)
        case "png":
            claim = pyvips.Image.pngload_buffer(picture)
        case "webp":
            claim = pyvips.Image.webpload_buffer(picture)
        case _:
            claim = pyvips.Image.heifload_buffer(picture)
    _bounded(claim.width, claim.height, plan)
    # libvips (8.18) leaves `fail_on` of a thumbnail out of account; the loader's own option counts.
    return pyvips.Image.thumbnail_buffer(picture, width, **fit, **_colours(claim), option_string="[fail_on=error]")


def _colours(image: pyvips.Image) -> dict[str, str]:
    """What brings its colours to the screen's; nothing where they are, since that costs as much as all the rest."""
    has_profile = image.get_typeof("icc-profile-data") != 0
    return {"output_profile": "srgb"} if has_profile or image.interpretation == "cmyk" else {}


def _heic(picture: bytes, plan: Plan) -> pyvips.Image:
    """A HEIC, which the loader makes upright by itself, with its colour profile."""
    opened = pillow_heif.open_heif(picture, convert_hdr_to_8bit=True)
    width, height = opened.size
    _bounded(width, height, plan)
    pixels = opened.data
    if pixels is None or opened.mode not in {"RGB", "RGBA"}:
        raise Refused("damaged")
    bands = len(opened.mode)
    image = pyvips.Image.new_from_memory(bytes(pixels), opened.stride // bands, height, bands, "uchar")
    image = image.crop(0, 0, width, height).copy(interpretation="srgb")
    profile = opened.info.get("icc_profile")
    if profile:
        image.set_type(pyvips.GValue.blob_type, "icc-profile-data", profile)
    return image


def _claimed(picture: bytes, found: str | None) -> tuple[int, int]:
    """The width and height that a PNG's header claims, or the canvas of an extended WebP; 1 and 1 for others."""
    if found == "png" and len(picture) >= _PNG_HEADER:
        return int.from_bytes(picture[16:20], "big"), int.from_bytes(picture[20:24], "big")
    if found == "webp" and picture[12:16] == b"VP8X":
        return 1 + int.from_bytes(picture[24:27], "little"), 1 + int.from_bytes(picture[27:30], "little")
    return 1, 1


def _bounded(width: int, height: int, plan: Plan) -> None:
    if width < 1 or height < 1:
        raise Refused("damaged")
    if width * height > plan["most_pixels"]:
        raise Refused("too_many_pixels")
    longer, shorter = max(width, height), min(width, height)
    if longer > plan["longest_side"] or longer > shorter * plan["most_slender"]:
        raise Refused("too_long")  # few bytes may be many rows, and each row takes its time, however short it is


def _fitted(largest: pyvips.Image, width: int, plan: Plan) -> pyvips.Image:
    return largest.thumbnail_image(width, height=width * plan["tallest"], size="down")


def _webp(image: pyvips.Image, quality: int, effort: int = _EFFORT) -> bytes:
    file: bytes = image.webpsave_buffer(Q=quality, effort=effort, keep="none")
    return file


def _placeholder(largest: pyvips.Image, plan: Plan) -> str:
    """A data URI of a few pixels."""
    across = _TINY
    while True:
        tiny = largest.thumbnail_image(across, height=2 * across, size="down")
        uri = "data:image/webp;base64," + base64.b64encode(_webp(tiny, 40, effort=4)).decode()
        if len(uri) <= plan["longest_placeholder"] or across == 1:
            return uri
        across //= 2


def _warm(plan: Plan) -> None:
    """Loads what decoding needs, so that it is part of what the process is at rest; allows no other loader."""
    pyvips.cache_set_max(0)
    pyvips.operation_block_set("VipsForeignLoad", True)
    for name in _READABLE:
        pyvips.operation_block_set(f"VipsForeignLoad{name}", False)
    pyvips.block_untrusted_set(True)
    pillow_heif.options.THUMBNAILS = False
    sample = pyvips.Image.black(64, 64, bands=3).copy(interpretation="srgb")
    for warming in (sample.jpegsave_buffer(), sample.pngsave_buffer(), sample.webpsave_buffer()):
        decoded(warming, plan)


def _give_up_rights(plan: Plan) -> None:
    """An end with the parent, the first to go where memory is scarce, and no right of root's, whoever started it."""
    if sys.platform == "linux":
        Path("/proc/self/oom_score_adj").write_text("1000")
        libc = ctypes.CDLL(None)
        libc.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        libc.capset(struct.pack("=Ii", _CAPABILITIES_VERSION, 0), bytes(24))  # before there is a second thread
    if os.getppid() != plan["parent"]:
        sys.exit(0)


def _confine(plan: Plan, statm: int | None) -> str | None:
    """From now on: nothing is opened, no core dump, so much memory and time, and no system call but those of computing.

    Returns:
        What this machine lacks for that; None: nothing.
    """
    if statm is not None:
        most = _pages(statm)[0] * resource.getpagesize() + plan["memory_bytes"]
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (plan["cpu_seconds"], plan["cpu_seconds"]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))  # what is open stays so
    lack = seccomp.lack()
    if lack is None:
        seccomp.compute_only()
    return lack if statm is not None else f"{lack}; memory is not bounded, and nothing ends it with its parent"


def _spent(statm: int | None) -> dict[str, int]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    peak = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return {
        "resident_bytes": 0 if statm is None else _pages(statm)[1] * resource.getpagesize(),
        "peak_bytes": peak,
        "cpu_ms": round((used.ru_utime + used.ru_stime) * 1000),
    }


def _pages(statm: int) -> tuple[int, int]:
    """Of this process: all of its address space, and what is in memory; by /proc/self/statm, which is open already."""
    space, resident, *_ = os.pread(statm, 100, 0).split()
    return int(space), int(resident)


def _own_output() -> BinaryIO:
    """The channel for answers; what a library prints goes nowhere."""
    channel = os.dup(sys.stdout.fileno())
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
    return os.fdopen(channel, "wb")


def _next(pictures: BinaryIO, most_bytes: int) -> tuple[bytes, bytes] | None:
    """The next mark and picture; None when there will be no more."""
    head = pictures.read(_LENGTH.size + _MARK_BYTES)
    if len(head) < _LENGTH.size + _MARK_BYTES:
        return None
    (length,) = _LENGTH.unpack_from(head)
    if length > most_bytes:
        return None
    picture = pictures.read(length)
    return (head[_LENGTH.size :], picture) if len(picture) == length else None


def _answer(answers: BinaryIO, head: dict[str, Any], files: list[bytes]) -> None:
    told = json.dumps(head).encode()
    answers.write(b"".join((_LENGTH.pack(len(told)), told, *files)))
    answers.flush()


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
