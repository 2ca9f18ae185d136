"""What strangers may send: each is a clear refusal or a clean picture, and nobody here suffers by it."""

import os
import random
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Final

import pytest
import pyvips

from tests.marketplace.media import evil
from tests.marketplace.media.clean import assert_clean
from tests.marketplace.media.corpus import CORPUS
from tests.photographs import a_jpeg, a_picture_file, a_scene, opened
from tests.processes import children
from threadly.marketplace.media import (
    MOST_BYTES,
    Decoder,
    PictureRefused,
    PictureTooLarge,
    PictureTooLong,
)

MUTATIONS: Final = int(os.environ.get("PICTURE_MUTATIONS", "300"))
"""Many thousands are for a night."""

PRONE: Final = (
    "an AVIF that is a grid of 4 x 4",
    "a HEIC of 60 pictures",
    "a PNG in a wide gamut",
    "a PNG of more air than colours",
    "a JPEG with another picture in its EXIF",
    "a JPEG that is a script",
)
"""Of the corpus, what has most to be changed."""

SOON: Final = 10.0
"""Seconds, on a machine that does other things as well."""

AT_ONCE: Final = 1.0
"""Seconds, the same."""


@pytest.fixture(scope="module")
async def decoder() -> AsyncIterator[Decoder]:
    built = Decoder()
    yield built
    await built.close()


def difference(file: bytes, picture: pyvips.Image) -> float:
    """How far the two are apart, on average, of 255."""
    found = opened(file)
    expected = picture.thumbnail_image(found.width, height=found.height, size="force")
    return float((found - expected).abs().avg())


@pytest.mark.parametrize("name", evil.READ)
async def test_what_is_a_picture_becomes_a_clean_one(decoder: Decoder, name: str) -> None:
    assert_clean(await decoder.decode(evil.READ[name]()))


async def test_what_is_none_is_refused_by_name_and_without_harm(decoder: Decoder) -> None:
    await decoder.decode(a_jpeg(60, 40))
    before = children(os.getpid())

    for name, (make, code) in evil.REFUSED.items():
        picture, began = make(), time.monotonic()
        with pytest.raises(PictureRefused) as refusal:
            await decoder.decode(picture)
        assert (name, refusal.value.code, refusal.value.status) == (name, code, 422)
        assert time.monotonic() - began < SOON

    assert children(os.getpid()) == before  # not one of them ended the child
    assert_clean(await decoder.decode(a_jpeg(60, 40)))


async def test_a_thread_of_fifty_million_rows_holds_nobody_up(decoder: Decoder) -> None:
    """The attack: a fifth of a megabyte whose rows took as long as a picture may, while others were told to wait."""
    await decoder.decode(a_jpeg(60, 40))
    picture, began = evil.png_thread(49_999_999), time.monotonic()
    assert len(picture) < 200_000

    with pytest.raises(PictureTooLong):
        await decoder.decode(picture)

    assert time.monotonic() - began < AT_ONCE


async def test_a_picture_of_a_byte_too_many_is_refused_before_anybody_reads_it(decoder: Decoder) -> None:
    await decoder.decode(a_jpeg(60, 40) + bytes(MOST_BYTES - len(a_jpeg(60, 40))))

    with pytest.raises(PictureTooLarge) as refusal:
        await decoder.decode(a_jpeg(60, 40) + bytes(MOST_BYTES + 1 - len(a_jpeg(60, 40))))
    assert (refusal.value.status, refusal.value.facts) == (413, {"most_bytes": MOST_BYTES})


@pytest.mark.parametrize("orientation", range(1, 9))
async def test_a_picture_stands_upright_however_the_camera_was_held(decoder: Decoder, orientation: int) -> None:
    processed = await decoder.decode(evil.turned(orientation))

    assert (processed.width, processed.height) == (320, 240)
    assert difference(processed.files[320], a_scene(320, 240)) < 6


async def test_where_a_picture_was_taken_is_nobodys_business(decoder: Decoder) -> None:
    picture = evil.telling_jpeg(orientation=1)
    assert {"exif-ifd3-GPSLatitude", "exif-ifd0-Artist"} <= set(opened(picture).get_fields())

    processed = await decoder.decode(picture)

    assert_clean(processed)
    for file in processed.files.values():
        assert not any("exif" in field or "GPS" in field for field in opened(file).get_fields())


@pytest.mark.parametrize(
    "name", ["a PNG of sixteen bits", "a PNG in a wide gamut", "an interlaced PNG", "a lossless WebP", "an AVIF"]
)
async def test_colours_stay_what_they_were(decoder: Decoder, name: str) -> None:
    picture = evil.READ[name]()
    scene = a_scene(opened(picture).width, opened(picture).height)

    assert difference((await decoder.decode(picture)).files[320], scene) < 6


async def test_a_heic_is_decoded_with_its_colours(decoder: Decoder) -> None:
    assert difference((await decoder.decode(evil.heic(400, 300))).files[320], a_scene(400, 300)) < 6


async def test_cyan_of_a_printer_is_cyan_on_a_screen(decoder: Decoder) -> None:
    red, green, blue = opened((await decoder.decode(evil.cmyk_jpeg())).files[320]).getpoint(50, 50)

    assert red < 80 < green
    assert blue > 180


async def test_air_is_white(decoder: Decoder) -> None:
    picture = opened((await decoder.decode(evil.transparent_png())).files[320])

    assert min(picture.getpoint(10, 10)) > 250
    assert picture.getpoint(150, 150)[0] > 200 > 50 > picture.getpoint(150, 150)[1]


@pytest.mark.parametrize("suffix", [".webp", ".png"])
async def test_of_what_moves_the_first_frame_is_kept(decoder: Decoder, suffix: str) -> None:
    red, green, blue = opened((await decoder.decode(evil.animated(suffix))).files[320]).getpoint(50, 40)

    assert red > 200
    assert max(green, blue) < 60


async def test_a_picture_that_was_cut_short_anywhere_is_refused(decoder: Decoder) -> None:
    for suffix in (".jpg", ".png", ".webp", ".avif", ".heic"):
        whole = evil.heic(120, 90) if suffix == ".heic" else a_picture_file(suffix, 120, 90)
        for part in (1, 3, 11, 30, 100, *(len(whole) * tenth // 10 for tenth in range(1, 10))):
            with pytest.raises(PictureRefused):
                await decoder.decode(whole[:part])


async def test_whatever_is_changed_in_a_picture_somebody_gets_an_answer(decoder: Decoder) -> None:
    sources = [
        a_jpeg(64, 48),
        a_jpeg(64, 48, interlace=True),
        a_picture_file(".png", 64, 48),
        a_picture_file(".webp", 64, 48),
        a_picture_file(".webp", 64, 48, lossless=True),
        a_picture_file(".avif", 64, 48),
        evil.heic(64, 48),
        evil.animated(".webp"),
        evil.telling_jpeg(),
        evil.cmyk_jpeg(),
        *(CORPUS[name].make() for name in PRONE),
    ]
    read = refused = 0
    for number in range(MUTATIONS):
        # By itself, so that any of them can be made again: `of <number>` is all that it takes.
        picture = mutated(bytearray(sources[number % len(sources)]), random.Random(f"of {number}"))
        began = time.monotonic()
        try:
            assert_clean(await decoder.decode(picture))
            read += 1
        except PictureRefused:
            refused += 1
        assert time.monotonic() - began < 2 * SOON, (number, picture.hex())

    assert read + refused == MUTATIONS
    assert min(read, refused) > MUTATIONS // 20  # it was worth trying
    assert_clean(await decoder.decode(a_jpeg(64, 48)))


def mutated(picture: bytearray, chance: random.Random) -> bytes:
    """With some bytes changed, dropped, doubled or moved."""
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        at = chance.randrange(len(picture)) if chance.random() < 0.5 else chance.randrange(min(len(picture), 200))
        length = chance.choice((1, 1, 2, 4, 50))
        match chance.randrange(5):
            case 0:
                picture[at] ^= 1 << chance.randrange(8)
            case 1:
                picture[at : at + length] = chance.randbytes(length)
            case 2:
                del picture[at : at + length]
            case 3:
                picture[at:at] = picture[at : at + length]
            case _:
                picture[at : at + length] = b"\xff" * length
        if not picture:
            return b"\0"
    return bytes(picture)


async def test_nothing_of_all_that_grew_this_process(decoder: Decoder) -> None:
    def resident() -> int:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    pictures = [a_jpeg(60, 40) + bytes(MOST_BYTES - 10_000), evil.png_claiming(evil.HUGE, evil.HUGE)]
    for picture in pictures:  # once, for what stays
        with suppress(PictureRefused):
            await decoder.decode(picture)
    before = resident()

    for _ in range(20):
        for picture in pictures:
            with suppress(PictureRefused):
                await decoder.decode(picture)

    assert resident() - before < 24 << 20
