"""Brings the catalogue in line with its files."""

import hashlib
from collections import Counter
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import IntegrityError

from threadly.core import audit, ids
from threadly.core.database import Model, Tx
from threadly.marketplace.catalog.errors import ReferenceConflicts
from threadly.marketplace.catalog.models import BEGINNING, Brand, Category, Colour, Material, Size, SizeSystem
from threadly.marketplace.catalog.reference import Reference, shipped


class Installed(msgspec.Struct, frozen=True, kw_only=True):
    """What `install` did, by table."""

    added: dict[str, int]
    changed: dict[str, int]
    kept: dict[str, int]
    """Found in the database and not in the files; left alone."""

    def __str__(self) -> str:
        parts = [
            f"{verb} {', '.join(f'{count} {table}' for table, count in counts.items())}"
            for verb, counts in (("added", self.added), ("changed", self.changed))
            if counts
        ]
        return f"Catalogue: {'; '.join(parts)}." if parts else "Catalogue: up to date."


async def install(tx: Tx, reference: Reference | None = None) -> Installed:
    """Adds what is missing and renames or reorders what differs; deletes nothing. A second call changes nothing.

    Categories are known by their path, brands and the like by their slug or code, sizes by system and label. Ids
    follow from these, so the same thing has the same id in every database that this function filled.

    Args:
        reference: What the catalogue shall hold; the files that Threadly comes with if none is given.

    Raises:
        ReferenceMalformed: The files that Threadly comes with were damaged.
        ReferenceConflicts: The catalogue has a name already, under another path or slug.
    """
    wanted = reference or shipped()
    changes = _Changes(tx)
    try:
        await changes.bring(
            SizeSystem,
            {
                system.code: {"code": system.code, "name": system.name, "position": position}
                for position, system in enumerate(wanted.systems, start=1)
            },
        )
        await changes.bring(
            Size,
            {
                (system.code, label): {"system": system.code, "label": label, "position": position}
                for system in wanted.systems
                for position, label in enumerate(system.sizes, start=1)
            },
        )
        await changes.bring(
            Colour,
            {
                colour.code: {"code": colour.code, "name": colour.name, "hex": colour.hex, "position": position}
                for position, colour in enumerate(wanted.colours, start=1)
            },
        )
        await changes.bring(
            Material,
            {
                material.code: {"code": material.code, "name": material.name, "position": position}
                for position, material in enumerate(wanted.materials, start=1)
            },
        )
        await changes.bring(Brand, {brand.slug: {"slug": brand.slug, "name": brand.name} for brand in wanted.brands})
        await _bring_categories(changes, wanted)
    except IntegrityError as refusal:
        raise ReferenceConflicts(_told(refusal)) from refusal
    told = changes.told()
    if told.added or told.changed:
        after = {"added": told.added, "changed": told.changed}
        await audit.record(tx, CatalogueChanged, target="catalogue", after=after)
    return told


class CatalogueChanged(audit.Act):
    """Categories, brands, sizes and the like were added or renewed; by whom, the command says."""

    name = "catalogue.changed"


class _Changes:
    """Compares tables with what they shall hold, and counts what it had to do."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self._added: Counter[str] = Counter()
        self._changed: Counter[str] = Counter()
        self._kept: Counter[str] = Counter()

    async def bring(
        self, table: type[Model], wanted: dict[Any, dict[str, Any]], *among: ColumnElement[bool]
    ) -> dict[Any, Any]:
        """Makes the rows of `wanted` true `among` the table's; returns all of these by their natural key."""
        name = table.__tablename__
        found = {_KEYS[table](row): row for row in await self._tx.scalars(select(table).where(*among))}
        self._kept[name] += len(found.keys() - wanted.keys())
        for key, facts in wanted.items():
            row = found.get(key)
            if row is None:
                found[key] = row = table(**_identity(table, key) | facts)
                self._tx.add(row)
                self._added[name] += 1
            elif different := {column: value for column, value in facts.items() if getattr(row, column) != value}:
                for column, value in different.items():
                    setattr(row, column, value)
                self._changed[name] += 1
        await self._tx.flush()
        return found

    def told(self) -> Installed:
        """The counts, without those that are nought."""
        return Installed(added=dict(+self._added), changed=dict(+self._changed), kept=dict(+self._kept))


_KEYS: Final[dict[type[Model], Any]] = {
    SizeSystem: lambda row: row.code,
    Size: lambda row: (row.system, row.label),
    Colour: lambda row: row.code,
    Material: lambda row: row.code,
    Brand: lambda row: row.slug,
    Category: lambda row: row.path,
}


async def _bring_categories(changes: _Changes, wanted: Reference) -> None:
    """Level by level, so that each finds its parents."""
    above: dict[str, Category] = {}
    for depth in (1, 2, 3):
        level: dict[str, dict[str, Any]] = {}
        for branch in wanted.categories:
            if branch.path.count("/") + 1 != depth:
                continue
            facts = {"path": branch.path, "slug": branch.slug, "name": branch.name, "position": branch.position}
            facts |= {"depth": depth, "size_system": branch.size_system}
            if depth > 1:
                parent = above[branch.path.rpartition("/")[0]]
                facts |= {"parent_id": parent.id, "department_id": parent.department_id}
            level[branch.path] = facts
        above = await changes.bring(Category, level, Category.depth == depth)


def _identity(table: type[Model], key: object) -> dict[str, UUID]:
    """An id that is the same in every database: made of what the thing is known by."""
    if "id" not in table.__table__.columns:
        return {}
    digest = hashlib.blake2b(f"{table.__tablename__}|{key}".encode(), digest_size=10).digest()
    id = ids.at(BEGINNING, randomness=int.from_bytes(digest, "big") >> 6)
    # A department is its own; what lies below it says its department among its facts.
    return {"id": id, "department_id": id} if table is Category else {"id": id}


def _told(refusal: IntegrityError) -> str:
    return str(getattr(refusal.orig, "__cause__", None) or refusal.orig).splitlines()[0]
