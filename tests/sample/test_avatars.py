"""Avatars are square pictures in every width, the same again."""

import xml.etree.ElementTree as ET

import pyvips

from threadly.marketplace.media import WIDTHS
from threadly.sample.avatars import Avatar, draw, paint


def test_an_avatar_has_all_widths_and_a_placeholder() -> None:
    [painted] = paint([Avatar("ME", 5)])
    for width in WIDTHS:
        image = pyvips.Image.new_from_buffer(painted.files[width], "")
        assert (image.width, image.height) == (width, width)
    assert (painted.width, painted.height) == (1280, 1280)
    assert painted.placeholder.startswith("data:image/webp;base64,")
    assert len(painted.placeholder) <= 1000


def test_an_avatar_follows_from_its_initials_and_seed() -> None:
    documents = {draw(Avatar("AB", seed)) for seed in range(40)}
    assert len(documents) == 40
    assert draw(Avatar("AB", 1)) == draw(Avatar("AB", 1))
    for document in documents:
        ET.fromstring(document)
    assert draw(Avatar("CD", 2)) != draw(Avatar("AB", 2))
    assert draw(Avatar("М1", 2)) == draw(Avatar("", 2))  # no strokes for these
