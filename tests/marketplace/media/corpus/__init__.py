"""Eighty files that are not what a camera makes, and what becomes of each: `CORPUS["a PNG with a page behind it"]`.

python -m tests.marketplace.media.corpus FOLDER       writes them all, and index.json
"""

from collections.abc import Mapping
from typing import Final

from tests.marketplace.media.corpus import bombs, boxes, lies, markup, polyglots, telling
from tests.marketplace.media.corpus.evil_file import CLEAN, EvilFile

__all__ = ["CLEAN", "CORPUS", "EvilFile"]

CORPUS: Final[Mapping[str, EvilFile]] = {
    each.name: each
    for each in (
        *polyglots.CASES,
        *bombs.CASES,
        *boxes.CASES,
        *markup.CASES,
        *telling.CASES,
        *lies.CASES,
    )
}
"""By what each is."""
