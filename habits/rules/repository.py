"""Rules about what the repository may mention: Threadly, and nothing of the machine it was written on."""

import re
from collections.abc import Iterator
from typing import Final

from habits.rule import EVERYTHING, TEXT, Place, Source, rule

# Written so that they do not find themselves.
_MACHINE: Final = re.compile(r"""(?<![\w.~/-])/(?:roo[t]/\.\w+|hom[e]/[a-z]\w*|User[s]/\w+)/[\w.]""")
_INDEX: Final = re.compile(
    r"pypi\.or[g]|pythonhosted\.or[g]|registry\.npmj[s]|--index-ur[l]|--find-link[s]|^\s*\"resolved\""
)


@rule(
    "speaks-of-threadly",
    guards="A path of the machine that something was written on is true nowhere else.",
    only=EVERYTHING,
    suffixes=TEXT,
)
def speaks_of_threadly(source: Source) -> Iterator[Place]:
    for number, line in enumerate(source.lines, start=1):
        if found := _MACHINE.search(line):
            yield number, f"{found.group()}…: a path of one machine"


@rule(
    "no-download-addresses",
    guards="Dependencies are pinned by hash, and come from wherever the owner gets packages; no address is recorded.",
    only=("requirements/", "package-lock.json", "package.json", "pyproject.toml", "dev", ".ci/"),
    suffixes=TEXT,
)
def no_download_addresses(source: Source) -> Iterator[Place]:
    for number, line in enumerate(source.lines, start=1):
        if _INDEX.search(line):
            yield number, "records where to download from; pins and hashes are enough"
