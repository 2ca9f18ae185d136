"""Rules about names and sizes."""

import ast
import re
from collections.abc import Iterator
from typing import Final

from habits.rule import Place, Source, rule

_SAYS_NOTHING: Final = {"base", "common", "helper", "helpers", "manager", "managers", "misc", "util", "utils"}
_OF_THE_SHOP: Final = re.compile(
    r"(?<![a-z])(?:listing|seller|buyer|wardrobe|favourite|marketplace|member_id)s?(?![a-z])"
    r"|Listing|Seller|Buyer|Wardrobe|Favourite|Marketplace"
)
_CLASS: Final = re.compile(r"(Manager|Helper|Helpers|Util|Utils)$")

MOST_LINES: Final = 400
MANY_LINES: Final = 250
"""Files aim to stay under this; `python -m habits` lists those that do not, without failing."""


@rule(
    "names-say-what",
    guards="First guess works: what is in a module named utils can be found by nobody.",
    only=("src/", "tests/", "habits/", "scan/", "benchmarks/"),
)
def names_say_what(source: Source) -> Iterator[Place]:
    for part in source.path.removesuffix(".py").removeprefix("src/").split("/"):
        if set(part.split("_")) & _SAYS_NOTHING and part.removeprefix("test_") in _SAYS_NOTHING:
            yield 1, f"“{part}” does not say what is in it"
    for node in source.nodes:
        if isinstance(node, ast.ClassDef) and _CLASS.search(node.name):
            yield node.lineno, f"{node.name} does not say what it does"


@rule(
    "core-knows-no-shop",
    guards="Core serves any application: what only a marketplace has is declared outside of it.",
    only=("src/threadly/core/",),
)
def core_knows_no_shop(source: Source) -> Iterator[Place]:
    for node in source.nodes:
        for field in ("id", "attr", "arg", "name"):
            named = getattr(node, field, None)
            if isinstance(named, str) and _OF_THE_SHOP.search(named):
                yield getattr(node, "lineno", 1), f"{named} is a word of the marketplace; declare it outside of core"


@rule(
    "files-stay-small",
    guards="Services of 4,000 lines, an app.py of 3,000: one concept a file.",
    only=("src/", "habits/"),
    but=("src/threadly/migrations/versions/",),
)
def files_stay_small(source: Source) -> Iterator[Place]:
    if len(source.lines) > MOST_LINES:
        yield 1, f"{len(source.lines)} lines; split it before {MOST_LINES}"
