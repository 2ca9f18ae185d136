"""Looks at the category tree, and at what else things are described by."""

from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import Row, Text, bindparam, func, literal, select

from threadly.core.database import ReadSession
from threadly.marketplace.catalog.errors import CategoryNotFound
from threadly.marketplace.catalog.models import Category, Colour, Material, Size, SizeSystem

LEAF_DEPTH: Final = 3


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """A category with all below it, in the order in which to show them."""

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


class Leaf(msgspec.Struct, frozen=True, kw_only=True):
    """A category that listings hang on, with its lineage."""

    id: UUID
    group_id: UUID
    department_id: UUID
    size_system: str | None
    """How its sizes are counted; None where things have none."""


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """A colour or a material."""

    code: str
    name: str


class SizeChoice(msgspec.Struct, frozen=True, kw_only=True):
    """One size."""

    id: UUID
    label: str


class SizeChoices(msgspec.Struct, frozen=True, kw_only=True):
    """The sizes of one system, in their order."""

    system: str
    name: str
    sizes: tuple[SizeChoice, ...]


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """All that a thing can be described by, besides its category and brand."""

    sizes: tuple[SizeChoices, ...]
    colours: tuple[Choice, ...]
    materials: tuple[Choice, ...]
    size_systems: dict[str, str]
    """The system of each leaf that has sizes, by its path."""


async def tree(read: ReadSession) -> tuple[Node, ...]:
    """The departments, with all below them."""
    rows = (await read.execute(_TREE)).all()
    below: dict[UUID | None, list[Node]] = {}
    for id, parent_id, name, slug, path in rows:  # leaves come first, so each node finds its children ready
        node = Node(id=id, name=name, slug=slug, path=path, children=tuple(below.pop(id, ())))
        below.setdefault(parent_id, []).append(node)
    return tuple(below.get(None, ()))


async def named(read: ReadSession, path: str | None) -> tuple[Place | None, tuple[str, ...]]:
    """The category at a path, if one is given; and the codes of all colours, in order. One statement.

    Raises:
        CategoryNotFound: There is none.
    """
    ((colours, id, depth, name, found),) = await read.execute(_NAMED, {"path": path})
    if path is not None and id is None:
        raise CategoryNotFound(category=path)
    return id and Place(id=id, depth=depth, name=name, path=found), tuple(colours)


async def leaf(read: ReadSession, path: str) -> Leaf | None:
    """The leaf at a path; None if there is none, or something that has others below it."""
    return _leaf((await read.execute(_LEAF.where(Category.path == bindparam("path")), {"path": path})).first())


async def leaf_of(read: ReadSession, id: UUID) -> Leaf | None:
    """The leaf with an id."""
    return _leaf((await read.execute(_LEAF.where(Category.id == bindparam("id")), {"id": id})).first())


async def size_system(read: ReadSession, size_id: UUID) -> str | None:
    """The system that a size belongs to; None for no size of ours."""
    found: str | None = await read.scalar(select(Size.system).where(Size.id == size_id))
    return found


async def is_colour(read: ReadSession, code: str) -> bool:
    """Whether things can have this colour."""
    return await read.scalar(select(Colour.code).where(Colour.code == code)) is not None


async def is_material(read: ReadSession, code: str) -> bool:
    """Whether things can be made of this."""
    return await read.scalar(select(Material.code).where(Material.code == code)) is not None


async def choices(read: ReadSession) -> Choices:
    """What a seller chooses from. Four statements."""
    systems: dict[tuple[str, str], list[SizeChoice]] = {}
    for system, name, id, label in await read.execute(_SIZES):
        systems.setdefault((system, name), []).append(SizeChoice(id=id, label=label))
    return Choices(
        sizes=tuple(
            SizeChoices(system=system, name=name, sizes=tuple(sizes)) for (system, name), sizes in systems.items()
        ),
        colours=tuple(Choice(code=code, name=name) for code, name in await read.execute(_COLOURS)),
        materials=tuple(Choice(code=code, name=name) for code, name in await read.execute(_MATERIALS)),
        size_systems={path: system or "" for path, system in await read.execute(_SIZED)},
    )


def _leaf(row: Row[*tuple[Any, ...]] | None) -> Leaf | None:
    if row is None:
        return None
    id, group_id, department_id, system = row
    return Leaf(id=id, group_id=group_id, department_id=department_id, size_system=system)


_LEAF: Final = select(Category.id, Category.parent_id, Category.department_id, Category.size_system).where(
    Category.depth == LEAF_DEPTH
)
_SIZES: Final = (
    select(SizeSystem.code, SizeSystem.name, Size.id, Size.label)
    .join(Size, Size.system == SizeSystem.code)
    .order_by(SizeSystem.position, SizeSystem.code, Size.position, Size.label)
)
_COLOURS: Final = select(Colour.code, Colour.name).order_by(Colour.position, Colour.name)
_MATERIALS: Final = select(Material.code, Material.name).order_by(Material.position, Material.name)
_SIZED: Final = select(Category.path, Category.size_system).where(Category.size_system.is_not(None))
_TREE: Final = select(Category.id, Category.parent_id, Category.name, Category.slug, Category.path).order_by(
    Category.depth.desc(), Category.position, Category.name
)
_NAMED: Final = (
    select(
        func.array(select(Colour.code).order_by(Colour.position, Colour.name).scalar_subquery()).label("colours"),
        Category.id,
        Category.depth,
        Category.name,
        Category.path,
    )
    .select_from(select(literal(1)).subquery("once"))
    .outerjoin(Category, Category.path == bindparam("path", type_=Text()))
)
