"""The sale that a check makes; `test_check.py` sees it made in a whole shop."""

import pyvips

from threadly.commands.demo import sale


def test_each_photo_is_another_and_large_enough_for_every_size() -> None:
    one, other = sale._photo(), sale._photo()

    assert one != other
    assert pyvips.Image.new_from_buffer(one, "").width > 1280
