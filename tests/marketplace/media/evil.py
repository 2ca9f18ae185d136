"""Pictures that nobody's camera makes, built by the tests themselves: `READ[name]()` is the file."""

import io
import struct
import zlib
from collections.abc import Callable, Mapping
from typing import Final

import pillow_heif
from PIL import Image

from tests.photographs import a_jpeg, a_picture_file, a_scene

HUGE: Final = 60_000
SCRIPT: Final = b"<script>alert('hello')</script>"


def chunk(kind: bytes, content: bytes) -> bytes:
    """Of a PNG."""
    return struct.pack("!I", len(content)) + kind + content + struct.pack("!I", zlib.crc32(kind + content))


def png_claiming(width: int, height: int, *, bits: int = 8, colour: int = 2, content: bytes = b"") -> bytes:
    """A PNG of so many pixels, by its own word."""
    head = chunk(b"IHDR", struct.pack("!IIBBBBB", width, height, bits, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", content or zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


def png_bomb(side: int) -> bytes:
    """A few kilobytes that are honestly so many pixels, all alike."""
    squeeze = zlib.compressobj(9)
    row = bytes(side * 3 + 1)
    packed = b"".join(squeeze.compress(row) for _ in range(side)) + squeeze.flush()
    return png_claiming(side, side, content=packed)


def png_thread(rows: int) -> bytes:
    """A few kilobytes that are honestly so many rows, of a pixel each."""
    squeeze = zlib.compressobj(9)
    some = bytes(2_000_000)
    packed = b"".join(squeeze.compress(some[: min(len(some), 2 * rows - at)]) for at in range(0, 2 * rows, len(some)))
    return png_claiming(1, rows, colour=0, content=packed + squeeze.flush())


def jpeg_claiming(width: int, height: int) -> bytes:
    """A JPEG whose frame header lies."""
    file = bytearray(a_jpeg(64, 64))
    at = file.index(b"\xff\xc0")
    file[at + 5 : at + 9] = struct.pack("!HH", height, width)
    return bytes(file)


def webp_claiming(width: int, height: int) -> bytes:
    """A WebP with an extended header of so many pixels, over a small picture."""
    inner = a_picture_file(".webp", 64, 64)[12:]
    canvas = struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    extended = b"VP8X" + struct.pack("<I", 10) + bytes(4) + canvas
    return b"RIFF" + struct.pack("<I", 4 + len(extended) + len(inner)) + b"WEBP" + extended + inner


def animated(suffix: str) -> bytes:
    """Three frames of different colours."""
    frames = [Image.new("RGB", (120, 80), colour) for colour in ("red", "green", "blue")]
    out = io.BytesIO()
    frames[0].save(out, suffix.removeprefix("."), save_all=True, append_images=frames[1:], duration=100)
    return out.getvalue()


def cmyk_jpeg() -> bytes:
    """As printers want them: mostly cyan."""
    out = io.BytesIO()
    Image.new("CMYK", (300, 200), (255, 0, 0, 0)).save(out, "JPEG")
    return out.getvalue()


def deep_png() -> bytes:
    """Sixteen bits a channel."""
    file: bytes = a_scene(300, 200).colourspace("rgb16").pngsave_buffer(bitdepth=16)
    return file


def grey_png(bits: int) -> bytes:
    """One channel."""
    scene = a_scene(300, 200).colourspace("grey16" if bits == 16 else "b-w")
    file: bytes = scene.pngsave_buffer(bitdepth=bits)
    return file


def transparent_png() -> bytes:
    """Nothing but air, with a red square in the middle."""
    out = io.BytesIO()
    picture = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    picture.paste((255, 0, 0, 255), (100, 100, 200, 200))
    picture.save(out, "PNG")
    return out.getvalue()


def telling_jpeg(orientation: int = 1, *, bulk: int = 0) -> bytes:
    """A JPEG that tells where it was taken, by whom, and how to hold it."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = "Description " + SCRIPT.decode() + "x" * bulk
    exif[0x013B] = "Mila the photographer"
    exif.get_ifd(0x8825).update({1: "N", 2: (42.0, 41.0, 59.0), 3: "E", 4: (23.0, 19.0, 12.0)})
    picture = Image.frombytes("RGB", (320, 240), a_scene(320, 240).write_to_memory())
    picture.save(out, "JPEG", exif=exif, comment=b"A comment: " + SCRIPT, quality=92)
    return out.getvalue()


def turned(orientation: int) -> bytes:
    """The scene, stored so that a camera held in this way would show it upright."""
    upright = Image.frombytes("RGB", (320, 240), a_scene(320, 240).write_to_memory())
    undo = {
        1: (),
        2: (Image.Transpose.FLIP_LEFT_RIGHT,),
        3: (Image.Transpose.ROTATE_180,),
        4: (Image.Transpose.FLIP_TOP_BOTTOM,),
        5: (Image.Transpose.TRANSPOSE,),
        6: (Image.Transpose.ROTATE_90,),
        7: (Image.Transpose.TRANSVERSE,),
        8: (Image.Transpose.ROTATE_270,),
    }
    for step in undo[orientation]:
        upright = upright.transpose(step)
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = orientation
    upright.save(out, "JPEG", exif=exif, quality=95)
    return out.getvalue()


def heic(width: int = 400, height: int = 300, **options: object) -> bytes:
    """As phones send them."""
    picture = Image.frombytes("RGB", (width, height), a_scene(width, height).write_to_memory())
    out = io.BytesIO()
    pillow_heif.from_pillow(picture).save(out, quality=80, **options)
    return out.getvalue()


def wide_gamut_png() -> bytes:
    """A picture with a colour profile in which its numbers mean other colours."""
    image = a_scene(200, 150).icc_transform("p3", input_profile="srgb", embedded=False)
    file: bytes = image.pngsave_buffer(profile="p3")
    return file


def a_gif() -> bytes:
    """A GIF, of one frame."""
    out = io.BytesIO()
    Image.new("P", (60, 40)).save(out, "GIF")
    return out.getvalue()


def a_tiff() -> bytes:
    """A TIFF."""
    file: bytes = a_scene(60, 40).tiffsave_buffer()
    return file


def a_pdf() -> bytes:
    """A PDF with a page."""
    out = io.BytesIO()
    Image.new("RGB", (60, 40)).save(out, "PDF")
    return out.getvalue()


SVG: Final = (
    b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="90" height="60"><rect width="9"/></svg>'
)

READ: Final[Mapping[str, Callable[[], bytes]]] = {
    "a JPEG": a_jpeg,
    "a progressive JPEG": lambda: a_jpeg(interlace=True),
    "a grey JPEG": lambda: a_scene(300, 200).colourspace("b-w").jpegsave_buffer(),
    "a CMYK JPEG": cmyk_jpeg,
    "a PNG": lambda: a_picture_file(".png"),
    "an interlaced PNG": lambda: a_picture_file(".png", interlace=True),
    "a PNG of sixteen bits": deep_png,
    "a grey PNG": lambda: grey_png(8),
    "a grey PNG of sixteen bits": lambda: grey_png(16),
    "a PNG of one bit": lambda: grey_png(1),
    "a PNG with a palette": lambda: a_picture_file(".png", palette=True),
    "a transparent PNG": transparent_png,
    "a PNG in a wide gamut": wide_gamut_png,
    "a WebP": lambda: a_picture_file(".webp"),
    "a lossless WebP": lambda: a_picture_file(".webp", lossless=True),
    "an AVIF": lambda: a_picture_file(".avif"),
    "a HEIC": heic,
    "an animated WebP": lambda: animated(".webp"),
    "an animated PNG": lambda: animated(".png"),
    "a JPEG that tells everything": telling_jpeg,
    "a JPEG with 60 kB of EXIF": lambda: telling_jpeg(bulk=60_000),
    "a JPEG with a PDF behind it": lambda: a_jpeg() + a_pdf(),
    "a JPEG with a page behind it": lambda: a_jpeg() + b"<html>" + SCRIPT,
    "a JPEG with an archive behind it": lambda: a_jpeg() + b"PK\x03\x04" + bytes(100),
    "a JPEG that claims more than it has": lambda: jpeg_claiming(600, 600),
    "one pixel": lambda: a_jpeg(1, 1),
    "a ribbon": lambda: a_jpeg(2000, 100),
    "a tall ribbon": lambda: a_jpeg(100, 2000),
}
"""What becomes a clean WebP."""

REFUSED: Final[Mapping[str, tuple[Callable[[], bytes], str]]] = {
    "nothing": (lambda: b"", "picture_unknown"),
    "a byte": (lambda: b"\xff", "picture_unknown"),
    "zeros": (lambda: bytes(100_000), "picture_unknown"),
    "text": (lambda: b"GIF89a is what I am not", "picture_unknown"),
    "an SVG": (lambda: SVG, "picture_unknown"),
    "a GIF": (a_gif, "picture_unknown"),
    "an animated GIF": (lambda: animated(".gif"), "picture_unknown"),
    "a TIFF": (a_tiff, "picture_unknown"),
    "a PDF": (a_pdf, "picture_unknown"),
    "a PDF with a JPEG behind it": (lambda: a_pdf() + a_jpeg(), "picture_unknown"),
    "a GIF with an archive behind it": (lambda: a_gif() + b"PK\x03\x04" + bytes(100), "picture_unknown"),
    "a page": (lambda: b"<html>" + SCRIPT, "picture_unknown"),
    "an MP4": (lambda: b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + bytes(500), "picture_unknown"),
    "a JPEG's first bytes over an SVG": (lambda: b"\xff\xd8\xff" + SVG, "picture_damaged"),
    "a PNG's first bytes over zeros": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(1000), "picture_damaged"),
    "a WebP's first bytes over zeros": (lambda: b"RIFF\0\0\0\0WEBP" + bytes(1000), "picture_damaged"),
    "an AVIF's first bytes over zeros": (lambda: b"\0\0\0\x1cftypavif" + bytes(1000), "picture_damaged"),
    "a HEIC's first bytes over zeros": (lambda: b"\0\0\0\x1cftypheic" + bytes(1000), "picture_damaged"),
    "a PNG that claims 60,000 x 60,000": (lambda: png_claiming(HUGE, HUGE), "picture_too_many_pixels"),
    "a JPEG that claims 60,000 x 60,000": (lambda: jpeg_claiming(HUGE, HUGE), "picture_too_many_pixels"),
    "a WebP that claims 60,000 x 60,000": (lambda: webp_claiming(HUGE, HUGE), "picture_too_many_pixels"),
    "a WebP that claims 16,000 x 16,000": (lambda: webp_claiming(16_000, 16_000), "picture_too_many_pixels"),
    "a PNG that claims 2 billion x 2 billion": (lambda: png_claiming(2**31 - 1, 2**31 - 1), "picture_too_many_pixels"),
    "a PNG that claims no pixel": (lambda: png_claiming(0, 10), "picture_damaged"),
    "a PNG that is 10,000 x 10,000 of one colour": (lambda: png_bomb(10_000), "picture_too_many_pixels"),
    "a ribbon by a pixel too long": (lambda: a_jpeg(2001, 100), "picture_too_long"),
    "a tall ribbon by a pixel too long": (lambda: a_jpeg(100, 2001), "picture_too_long"),
    "a PNG of fifty million rows": (lambda: png_thread(49_999_999), "picture_too_long"),
    "a PNG whose side is longer than any": (lambda: png_claiming(20_001, 2000), "picture_too_long"),
    "a JPEG whose side is longer than any": (lambda: jpeg_claiming(20_001, 2000), "picture_too_long"),
    "an AVIF that is a line": (lambda: a_picture_file(".avif", 2000, 60), "picture_too_long"),
    "a HEIC that is a line": (lambda: heic(2000, 64), "picture_too_long"),
    "a WebP that claims more than it has": (lambda: webp_claiming(3000, 3000), "picture_damaged"),
}
"""What is refused, and how."""
