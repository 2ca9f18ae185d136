"""The category tree as every page needs it: for the menu, for breadcrumbs, and to find what an address names.

It changes a few times a year and is needed on each page, so a process keeps it, and reads it anew each half minute
while pages go on with what is known. Only the first reader ever waits for it.
"""

import asyncio
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

import msgspec
from markupsafe import Markup

from threadly.core import clock
from threadly.core.database import Database
from threadly.languages import Language
from threadly.marketplace import catalog
from threadly.marketplace.catalog import CategoryNotFound, Node, Place
from threadly.marketplace.search import MOST_NEAREST
from threadly.web.pages import Pages

BELIEVED_FOR: Final = timedelta(seconds=30)
FEWEST_LETTERS: Final = 3
TRIED_AGAIN_AFTER: Final = timedelta(seconds=1)


class Spot(msgspec.Struct, frozen=True, kw_only=True):
    """A category, and the way to it."""

    node: Node
    above: tuple[Node, ...]
    """Department first; none above a department."""

    def label(self, language: Language) -> str:
        """Its name with those above it, nearest first: "Kleider, Kleidung, Damen"."""
        return ", ".join(language.named(node.name) for node in (self.node, *reversed(self.above)))

    @property
    def place(self) -> Place:
        return Place(id=self.node.id, depth=len(self.above) + 1, name=self.node.name, path=self.node.path)


class Name(msgspec.Struct, frozen=True):
    """What a category is called on pages of one language, where that is not what the catalogue calls it."""

    compared: str
    """Without capitals and accents."""
    spot: Spot


class Menu(msgspec.Struct, frozen=True, kw_only=True):
    """The site's navigation, rendered: what every page has of it in one language."""

    wide: Markup
    narrow: Markup
    """For the drawer of a telephone, around which each page puts what is its own."""


class Shelves(msgspec.Struct, frozen=True, kw_only=True):
    """The whole tree, at one moment."""

    departments: tuple[Node, ...]
    menus: dict[str, Menu]
    """By language."""
    spots: dict[str, Spot]
    names: dict[str, tuple[Name, ...]]
    """By language."""

    def called(self, text: str, language: Language) -> tuple[Spot, ...]:
        """The categories that are called exactly so in a language that is not the catalogue's."""
        compared = _compared(text)
        return tuple([name.spot for name in self.names[language.code] if name.compared == compared])

    def begun(self, text: str, language: Language) -> tuple[Spot, ...]:
        """Those of which a word begins so, in the order of the shop; first those whose whole name does."""
        if not (compared := _compared(text)):
            return ()
        found = [name for name in self.names[language.code] if f" {compared}" in f" {name.compared}"]
        return tuple([name.spot for name in sorted(found, key=lambda name: not name.compared.startswith(compared))])

    def nearest(self, text: str, paths: Iterable[str], language: Language) -> tuple[tuple[str, str], ...]:
        """Paths and names of up to six categories to look in where nothing is: those that are called like a word of the
        text in this language, and these; or else the departments.
        """
        own = [spot for word in text.split() if len(word) >= FEWEST_LETTERS for spot in self.begun(word, language)]
        known = [spot for path in paths if (spot := self.spots.get(path)) is not None]
        found = own + known or [self.spots[node.path] for node in self.departments]
        return tuple({spot.node.path: spot.label(language) for spot in found}.items())[:MOST_NEAREST]

    def at(self, path: str) -> Spot:
        """The category at a path.

        Raises:
            CategoryNotFound: There is none.
        """
        spot = self.spots.get(path)
        if spot is None:
            raise CategoryNotFound(category=path[:200])
        return spot


class Departments:
    """The tree, about half a minute old at most while somebody asks; however many do, one reads (single-flight)."""

    def __init__(self, db: Database, pages: Pages) -> None:
        self._db = db
        self._pages = pages
        self._shelves: Shelves | None = None
        self._until: datetime | None = None
        self._reading: asyncio.Task[Shelves] | None = None

    async def shelves(self) -> Shelves:
        """The tree.

        Raises:
            DatabaseUnavailable: It was never read, and cannot be.
        """
        if self._shelves is not None and self._until is not None and clock.now() < self._until:
            return self._shelves
        if self._reading is None:
            self._reading = asyncio.create_task(self._read())
            self._reading.add_done_callback(self._has_read)
        if self._shelves is not None:
            return self._shelves
        return await asyncio.shield(self._reading)  # one visitor who leaves must not take the others' answer along

    def known_menu(self, language: Language) -> Menu | None:
        """The navigation as last seen, however old; None at first. Reads nothing, so it also serves an error page."""
        return self._shelves.menus[language.code] if self._shelves is not None else None

    async def _read(self) -> Shelves:
        async with self._db.read() as read:
            found = self._arranged(await catalog.tree(read))
        self._shelves, self._until = found, clock.now() + BELIEVED_FOR
        return found

    def _has_read(self, reading: asyncio.Task[Shelves]) -> None:
        self._reading = None
        if not reading.cancelled() and reading.exception() is not None and self._shelves is not None:
            self._until = clock.now() + TRIED_AGAIN_AFTER

    def _arranged(self, tree: tuple[Node, ...]) -> Shelves:
        def part(language: Language, template: str) -> Markup:
            return Markup(self._pages.render(language, template, departments=tree))  # noqa: S704 - escaped there

        menus = {
            language.code: Menu(wide=part(language, "catalog/menu.html"), narrow=part(language, "catalog/drawer.html"))
            for language in self._pages.languages
        }
        spots = {spot.node.path: spot for spot in _walk(tree, ())}
        names = {language.code: tuple(_names(spots.values(), language)) for language in self._pages.languages}
        return Shelves(departments=tree, menus=menus, spots=spots, names=names)


def _names(spots: Iterable[Spot], language: Language) -> Iterator[Name]:
    for spot in spots:
        if (said := language.named(spot.node.name)) != spot.node.name:
            yield Name(_compared(said), spot)


def _compared(text: str) -> str:
    """A name without capitals, accents and signs."""
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKD", text.casefold()) if letter.isalnum() or letter.isspace()
    )
    return " ".join(plain.split())


def _walk(nodes: tuple[Node, ...], above: tuple[Node, ...]) -> Iterator[Spot]:
    for node in nodes:
        yield Spot(node=node, above=above)
        yield from _walk(node.children, (*above, node))
