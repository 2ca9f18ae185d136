"""The category tree as every page needs it: for the menu, for breadcrumbs, and to find what an address names.

It changes a few times a year and is needed on each page, so a process keeps it, and reads it anew each half minute
while pages go on with what is known. Only the first reader ever waits for it.
"""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

import msgspec
from markupsafe import Markup

from threadly.core import clock
from threadly.core.database import Database
from threadly.languages import Language
from threadly.marketplace import catalog
from threadly.marketplace.catalog import CategoryNotFound, Node, Place
from threadly.web.pages import Pages

BELIEVED_FOR: Final = timedelta(seconds=30)
TRIED_AGAIN_AFTER: Final = timedelta(seconds=1)


class Spot(msgspec.Struct, frozen=True, kw_only=True):
    """A category, and the way to it."""

    node: Node
    above: tuple[Node, ...]
    """Department first; none above a department."""

    @property
    def place(self) -> Place:
        return Place(id=self.node.id, depth=len(self.above) + 1, name=self.node.name, path=self.node.path)


class Shelves(msgspec.Struct, frozen=True, kw_only=True):
    """The whole tree, at one moment."""

    departments: tuple[Node, ...]
    menus: dict[str, Markup]
    """The site's navigation, rendered, by language."""
    spots: dict[str, Spot]

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

    def known_menu(self, language: Language) -> Markup:
        """The navigation as last seen, however old; empty at first. Reads nothing, so it also serves an error page."""
        return self._shelves.menus[language.code] if self._shelves is not None else Markup()

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
        menus = {
            language.code: Markup(  # noqa: S704 - escaped by its template
                self._pages.render(language, "catalog/menu.html", departments=tree)
            )
            for language in self._pages.languages
        }
        return Shelves(departments=tree, menus=menus, spots={spot.node.path: spot for spot in _walk(tree, ())})


def _walk(nodes: tuple[Node, ...], above: tuple[Node, ...]) -> Iterator[Spot]:
    for node in nodes:
        yield Spot(node=node, above=above)
        yield from _walk(node.children, (*above, node))
