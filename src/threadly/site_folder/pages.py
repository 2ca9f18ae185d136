"""Pages of text about the shop: an owner's `pages/<name>.md` and `pages/<name>.<language>.md`, or else ours."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from threadly.site_folder.folder import Folder

MOST_BYTES: Final = 64 * 1024
"""Of a page. Reading Markdown can take the square of its length: 240 KB of `a_ ` took five seconds."""
MOST_PAGES: Final = 40
SHIPPED: Final = ("terms", "privacy", "imprint", "contact")
"""The pages that every shop has."""

_FILE: Final = re.compile(
    r"(?:(?P<order>[0-9]{1,3})-)?(?P<name>[a-z0-9]+(?:-[a-z0-9]+)*)(?:\.(?P<language>[a-z]{2,3}))?\.md"
)
_HEADING: Final = re.compile(r"^#[ \t]+(?=\S)(?P<text>.*)$", re.MULTILINE)
_LAST: Final = 1000


@dataclass(frozen=True, slots=True)
class WrittenPage:
    """A page, in one language or several."""

    name: str
    """What stands in its address: `terms`."""
    order: int
    texts: Mapping[str, str]
    """The Markdown by language; under "" the shop's first."""

    def in_language(self, code: str, first: str) -> tuple[str, str]:
        """The text for a reader of a language, and the language that it is in."""
        for asked, said in ((code, code), ("", first), (first, first), ("en", "en")):
            if asked in self.texts:
                return self.texts[asked], said
        language = next(iter(self.texts))
        return self.texts[language], language


def heading(text: str) -> str:
    """The first heading, without its sign; empty if there is none."""
    found = _HEADING.search(text)
    return found["text"].rstrip(" \t").rstrip("#").rstrip(" \t") if found else ""


def written(folder: Folder) -> tuple[WrittenPage, ...]:
    """An owner's pages, in order."""
    names = folder.names("pages")
    if len(names) > MOST_PAGES:
        folder.mistakes.append(f"pages: holds more than {MOST_PAGES} files.")
        return ()
    return tuple(_gathered(_files(folder, names)))


@cache
def shipped_pages() -> tuple[WrittenPage, ...]:
    """What stands there until an owner writes it: it says so."""
    place = files("threadly.site_folder") / "shipped"
    found = [(entry.name, entry.read_text(encoding="utf-8")) for entry in place.iterdir() if entry.name.endswith(".md")]
    texts: dict[str, dict[str, str]] = {}
    for file, text in found:
        name, _, language = file.removesuffix(".md").partition(".")
        texts.setdefault(name, {})[language] = text
    return tuple(WrittenPage(name, _LAST + order, texts[name]) for order, name in enumerate(SHIPPED))


def _files(folder: Folder, names: Iterable[str]) -> Iterator[tuple[str, int, str, str]]:
    for file in names:
        match = _FILE.fullmatch(file)
        if match is None:
            folder.mistakes.append(
                f"pages/{file}: should be called <name>.md or <name>.<language>.md, in small letters, with a number "
                f"and a hyphen before it if you like: 1-terms.md, 1-terms.de.md."
            )
            continue
        text = folder.read_text(f"pages/{file}", most=MOST_BYTES)
        if text is None:
            continue
        if not heading(text):
            folder.mistakes.append(f"pages/{file}: has no heading (a line “# Terms”), by which pages link to it.")
        yield match["name"], int(match["order"] or _LAST), match["language"] or "", text


def _gathered(found: Iterable[tuple[str, int, str, str]]) -> Iterator[WrittenPage]:
    texts: dict[str, dict[str, str]] = {}
    orders: dict[str, int] = {}
    for name, order, language, text in found:
        texts.setdefault(name, {})[language] = text
        orders[name] = min(order, orders.get(name, _LAST))
    for name in sorted(texts, key=lambda name: (orders[name], name)):
        yield WrittenPage(name, orders[name], texts[name])
