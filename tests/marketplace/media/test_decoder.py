"""What the decoding program makes of a picture, called in this process with pictures of our own making."""

import base64

import pytest

from tests.photographs import a_jpeg, a_picture_file, opened
from threadly.marketplace.media import MOST_BYTES, MOST_PIXELS, WIDTHS
from threadly.marketplace.media.decoder import Plan, Refused, decoded, kind
from threadly.marketplace.media.policy import LONGEST_SIDE, MOST_SLENDER

PLAN: Plan = {
    "parent": 0,
    "widths": list(WIDTHS),
    "tallest": 2,
    "most_bytes": MOST_BYTES,
    "most_pixels": MOST_PIXELS,
    "longest_side": LONGEST_SIDE,
    "most_slender": MOST_SLENDER,
    "longest_placeholder": 1000,
    "memory_bytes": 0,
    "cpu_seconds": 0,
}


@pytest.mark.parametrize(("suffix", "name"), [(".jpg", "jpeg"), (".png", "png"), (".webp", "webp"), (".avif", "avif")])
def test_a_picture_is_known_by_its_first_bytes_and_decoded(suffix: str, name: str) -> None:
    file = a_picture_file(suffix)

    assert kind(file) == name
    head, files = decoded(file, PLAN)
    assert (head["width"], head["height"]) == (800, 600)
    assert [opened(made).width for made in files] == [320, 640, 800]


def test_a_placeholder_is_a_tiny_picture() -> None:
    head, _ = decoded(a_jpeg(), PLAN)

    kind_of_data, _, content = head["placeholder"].partition(",")
    assert kind_of_data == "data:image/webp;base64"
    assert opened(base64.b64decode(content)).width == 16
    assert len(head["placeholder"]) <= PLAN["longest_placeholder"]


def test_anything_else_is_refused_by_name() -> None:
    with pytest.raises(Refused, match="unknown"):
        decoded(b"GIF89a" + bytes(100), PLAN)
