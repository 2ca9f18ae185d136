"""Pictures as people send them: `a_jpeg(4000, 3000)`. Made by libvips, in the tests' own process."""

from functools import cache
from pathlib import Path
from typing import Any

import pyvips

from threadly.wiring import Services


@cache
def a_scene(width: int = 800, height: int = 600) -> pyvips.Image:
    """Something to look at: red at the left, blue at the bottom, with some texture."""
    across = pyvips.Image.xyz(width, height)
    red = 255 - across[0] * 255 / max(width - 1, 1)
    blue = across[1] * 255 / max(height - 1, 1)
    texture = pyvips.Image.gaussnoise(width, height, sigma=20, mean=90, seed=1).gaussblur(2)
    return red.bandjoin([texture, blue]).cast("uchar").copy(interpretation="srgb").copy_memory()


def a_picture_file(suffix: str, width: int = 800, height: int = 600, **options: Any) -> bytes:  # noqa: ANN401
    """The scene as a file of this kind: `.jpg`, `.png`, `.webp`, `.avif`."""
    file: bytes = a_scene(width, height).write_to_buffer(suffix, **options)
    return file


def a_jpeg(width: int = 800, height: int = 600, **options: Any) -> bytes:  # noqa: ANN401
    """The scene as a JPEG."""
    return a_picture_file(".jpg", width, height, **options)


def folder_of(services: Services) -> Path:
    """Where a test's installation keeps its pictures."""
    folder = services.settings.media.folder
    assert folder is not None
    return folder


def files_kept(services: Services) -> set[str]:
    """What is in a test's store of pictures."""
    return {path.name for path in folder_of(services).rglob("*") if path.is_file()}


def opened(file: bytes) -> pyvips.Image:
    """What is in a file."""
    return pyvips.Image.new_from_buffer(file, "")
