"""What a picture is once it has been through the decoder."""

from collections.abc import Iterator

from tests.marketplace.media import evil
from tests.photographs import opened
from threadly.marketplace.media import WIDTHS, Processed
from threadly.marketplace.media.policy import TALLEST


def chunks(webp: bytes) -> Iterator[bytes]:
    """The kinds of chunk in a WebP."""
    at = 12
    while at + 8 <= len(webp):
        yield webp[at : at + 4]
        size = int.from_bytes(webp[at + 4 : at + 8], "little")
        at += 8 + size + size % 2


def assert_clean(processed: Processed) -> None:
    """WebP of eight bits in three colours, in all widths, that tells nothing but the picture."""
    assert list(processed.files) == list(WIDTHS)
    for width, file in processed.files.items():
        picture = opened(file)
        assert set(chunks(file)) <= {b"VP8 ", b"VP8L"}
        assert int.from_bytes(file[4:8], "little") + 8 == len(file)
        as_tall_as_may_be = round(width * TALLEST * processed.width / processed.height)
        assert picture.width == min(width, processed.width, as_tall_as_may_be)
        assert (picture.bands, picture.format, picture.hasalpha()) == (3, "uchar", False)
        assert {"exif-data", "xmp-data", "icc-profile-data", "orientation"}.isdisjoint(picture.get_fields())
        assert evil.SCRIPT not in file
        assert b"Mila" not in file
    assert len(processed.placeholder) <= 1000
