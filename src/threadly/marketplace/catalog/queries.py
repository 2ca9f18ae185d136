"""Looks at the category tree."""

from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import bindparam, select

from threadly.core.database import ReadSession
from threadly.marketplace.catalog.errors import CategoryNotFound
from threadly.marketplace.catalog.models import Category


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """A category with all below it, in the order in which shops show them."""

    id: UUID
    name: str
    slug: str
    path: str
    """Slugs from the department down: `women/clothing/dresses`."""
    children: tuple["Node", ...] = ()


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a category is in the tree."""

    id: UUID
    depth: int
    """1 department, 2 group, 3 leaf."""
    name: str
    path: str


async def tree(read: ReadSession) -> tuple[Node, ...]:
    """The departments, with all below them."""
    rows = (await read.execute(_TREE)).all()
    below: dict[UUID | None, list[Node]] = {}
    for id, parent_id, name, slug, path in rows:  # leaves come first, so each node finds its children ready
        node = Node(id=id, name=name, slug=slug, path=path, children=tuple(below.pop(id, ())))
        below.setdefault(parent_id, []).append(node)
    return tuple(below.get(None, ()))


async def place(read: ReadSession, path: str) -> Place:
    """The category at a path.

    Raises:
        CategoryNotFound: There is none.
    """
    row = (await read.execute(_PLACE, {"path": path})).first()
    if row is None:
        raise CategoryNotFound(category=path)
    id, depth, name, found = row
    return Place(id=id, depth=depth, name=name, path=found)


_TREE: Final = select(Category.id, Category.parent_id, Category.name, Category.slug, Category.path).order_by(
    Category.depth.desc(), Category.position, Category.name
)
_PLACE: Final = select(Category.id, Category.depth, Category.name, Category.path).where(
    Category.path == bindparam("path")
)
