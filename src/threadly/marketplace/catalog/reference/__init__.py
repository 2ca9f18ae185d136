"""What a shop's catalogue starts with, from TOML files: Threadly's own beside this module, or an owner's.

Guaranteed of every `Reference`: names, slugs, codes and labels keep the database's rules, none occurs twice where it
must not, and each system of sizes that a category names exists. What is wrong in the files is told all at once.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, Final, TypeVar

import msgspec

from threadly.core.config import toml
from threadly.marketplace.catalog.errors import ReferenceMalformed

_Name = Annotated[str, msgspec.Meta(pattern=r"^\S(.{0,58}\S)?$")]
_BrandName = Annotated[str, msgspec.Meta(pattern=r"^\S(.{0,48}\S)?$")]
_Label = Annotated[str, msgspec.Meta(pattern=r"^\S(.{0,18}\S)?$")]
_Code = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,29}$")]
_Slug = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
_Hex = Annotated[str, msgspec.Meta(pattern=r"^#[0-9a-f]{6}$")]

NO_SIZES: Final = ""
"""What a leaf says to have no sizes although its group has."""


_WITH_SLUG: Final = '{ name = "Рокли", slug = "rokli" }'


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    pass


class Leaf(_Entry, frozen=True):
    """A category that listings hang on."""

    name: _Name
    slug: _Slug = ""
    sizes: str | None = None


class Group(_Entry, frozen=True):
    """Categories of one kind. Its sizes are those of all its leaves that do not say otherwise."""

    name: _Name
    leaves: list[_Name | Leaf]
    slug: _Slug = ""
    sizes: str | None = None


class Department(_Entry, frozen=True):
    """The top of the tree."""

    name: _Name
    groups: list[Group]
    slug: _Slug = ""


class System(_Entry, frozen=True):
    """A way of counting sizes, from small to large."""

    code: _Code
    name: _Name
    sizes: list[_Label]


class Tint(_Entry, frozen=True):
    """A colour to filter by."""

    code: _Code
    name: _Name
    hex: _Hex | None = None


class Stuff(_Entry, frozen=True):
    """A material to filter by."""

    code: _Code
    name: _Name


class Maker(_Entry, frozen=True):
    """A brand."""

    name: _BrandName
    slug: _Slug = ""


class Branch(msgspec.Struct, frozen=True, kw_only=True):
    """A category with its place: what the files say, resolved. Parents come before their children."""

    path: str
    name: str
    slug: str
    position: int
    size_system: str | None


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """A whole catalogue, checked."""

    categories: tuple[Branch, ...]
    systems: tuple[System, ...]
    colours: tuple[Tint, ...]
    materials: tuple[Stuff, ...]
    brands: tuple[Maker, ...]


class _Categories(_Entry, frozen=True):
    departments: list[Department]


class _Sizes(_Entry, frozen=True):
    systems: list[System]


class _Colours(_Entry, frozen=True):
    colours: list[Tint]


class _Materials(_Entry, frozen=True):
    materials: list[Stuff]


class _Brands(_Entry, frozen=True):
    brands: list[_BrandName | Maker]


FileT = TypeVar("FileT")


@cache
def shipped() -> Reference:
    """The catalogue that Threadly comes with."""
    return read()


def read(folder: Traversable | None = None, *, own: Mapping[str, str] | None = None) -> Reference:
    """The catalogue in a folder: categories, sizes, colours, materials and brands, each a TOML file of that name.

    Args:
        folder: Threadly's own if not given.
        own: The texts of files that stand in the place of those of the same name.

    Raises:
        ReferenceMalformed: A file is missing, is no TOML, or says what cannot be; with every fault that was found.
    """
    found = _Files(files(__name__) if folder is None else folder, own or {})
    tree = found.read("categories", _Categories)
    reference = Reference(
        categories=tuple(_branches(tree.departments)),
        systems=tuple(found.read("sizes", _Sizes).systems),
        colours=tuple(found.read("colours", _Colours).colours),
        materials=tuple(found.read("materials", _Materials).materials),
        brands=tuple(map(_maker, found.read("brands", _Brands).brands)),
    )
    if faults := list(_faults(reference)):
        raise ReferenceMalformed(faults[0], faults=faults)
    return reference


def slug(name: str) -> str:
    """What stands in addresses for a name: `Shirts & blouses` → `shirts-and-blouses`."""
    plain = unicodedata.normalize("NFKD", name.replace("&", " and ").replace("ø", "o").replace("'", ""))
    return re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode().lower()).strip("-")


class _Files:
    """The texts of a folder, and those in their place."""

    def __init__(self, folder: Traversable, own: Mapping[str, str]) -> None:
        self._folder = folder
        self._own = own

    def read(self, name: str, kind: type[FileT]) -> FileT:
        """What a file describes."""
        file = f"{name}.toml"
        own = self._own.get(file)
        return _parsed(file, (self._folder / file).read_text if own is None else lambda **_: own, kind)


def _parsed(file: str, text: Callable[..., str], kind: type[FileT]) -> FileT:
    try:
        return msgspec.convert(toml(text(encoding="utf-8")), kind)
    except OSError as absent:
        raise ReferenceMalformed(f"{file} cannot be read: {absent.strerror}.", file=file) from absent
    except (ValueError, msgspec.ValidationError) as fault:
        raise ReferenceMalformed(f"{file}: {fault}.", file=file) from fault


def _maker(brand: str | Maker) -> Maker:
    maker = Maker(name=brand) if isinstance(brand, str) else brand
    return maker if maker.slug else Maker(name=maker.name, slug=slug(maker.name))


def _branches(departments: Iterable[Department]) -> Iterator[Branch]:
    for position, department in enumerate(departments, start=1):
        top = _branch("", department.name, department.slug, position, None)
        yield top
        for group_position, group in enumerate(department.groups, start=1):
            middle = _branch(top.path, group.name, group.slug, group_position, None)
            yield middle
            for leaf_position, leaf in enumerate(group.leaves, start=1):
                own = Leaf(name=leaf) if isinstance(leaf, str) else leaf
                sizes = group.sizes if own.sizes is None else own.sizes
                yield _branch(middle.path, own.name, own.slug, leaf_position, sizes)


def _branch(parent: str, name: str, own_slug: str, position: int, sizes: str | None) -> Branch:
    ending = own_slug or slug(name)
    path = f"{parent}/{ending}" if parent else ending
    return Branch(path=path, name=name, slug=ending, position=position, size_system=sizes or None)


def _faults(reference: Reference) -> Iterator[str]:
    systems = {system.code for system in reference.systems}
    for branch in reference.categories:
        if branch.size_system not in systems | {None}:
            yield f"categories.toml: {branch.path} counts sizes in {branch.size_system!r}, which sizes.toml lacks."
        if not 1 <= len(branch.slug) <= 60:
            yield f"categories.toml: {branch.name!r} needs a slug of 1 to 60 characters: {_WITH_SLUG}."
    for brand in reference.brands:
        if not brand.slug:
            yield f"brands.toml: {brand.name!r} needs a slug: {_WITH_SLUG}."
    siblings = [(branch.path.rpartition("/")[0], branch.name) for branch in reference.categories]
    if all(branch.slug for branch in reference.categories):  # without one, paths coincide that will differ
        yield from _repeated("categories.toml", [branch.path for branch in reference.categories])
        yield from _repeated("categories.toml", [f"{parent}: {name}" for parent, name in siblings])
    yield from _repeated("sizes.toml", [system.code for system in reference.systems])
    for system in reference.systems:
        yield from _repeated(f"sizes.toml, {system.code}", system.sizes)
    yield from _repeated("colours.toml", [colour.code for colour in reference.colours])
    yield from _repeated("materials.toml", [material.code for material in reference.materials])
    yield from _repeated("brands.toml", [brand.slug for brand in reference.brands if brand.slug])
    yield from _repeated("brands.toml", [brand.name.lower() for brand in reference.brands])


def _repeated(file: str, names: Iterable[str]) -> Iterator[str]:
    for name, times in Counter(names).items():
        if times > 1:
            yield f"{file}: {name!r} occurs {times} times."
