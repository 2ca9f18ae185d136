"""What things are: the category tree, brands, sizes, colours, materials and conditions."""

from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Computed,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from threadly.core import ids
from threadly.core.database import Model

BEGINNING: Final = 1_767_225_600_000
"""2026-01-01: the moment that ids of what comes with the catalogue carry, in milliseconds."""

SLUG = r"'^[a-z0-9]+(-[a-z0-9]+)*$'"


class Condition(StrEnum):
    """How worn an item is, best first."""

    NEW_WITH_TAGS = "new_with_tags"
    NEW_WITHOUT_TAGS = "new_without_tags"
    VERY_GOOD = "very_good"
    GOOD = "good"
    SATISFACTORY = "satisfactory"


CONDITION = Enum(Condition, name="condition", values_callable=lambda kind: [member.value for member in kind])


class Category(Model):
    """A node of the tree: department (depth 1), group (2) or leaf (3). Listings hang on leaves.

    The keys make a broken tree impossible: a parent is one level up and in the same department, so there are no cycles.
    """

    __tablename__ = "categories"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new)
    parent_id: Mapped[UUID | None]
    department_id: Mapped[UUID]
    depth: Mapped[int] = mapped_column(SmallInteger)
    parent_depth: Mapped[int] = mapped_column(SmallInteger, Computed("depth - 1", persisted=True))
    name: Mapped[str]
    slug: Mapped[str]
    path: Mapped[str] = mapped_column(unique=True)
    """The slugs from the department down, joined by slashes: what stands in an address."""
    position: Mapped[int] = mapped_column(SmallInteger)
    size_system: Mapped[str | None] = mapped_column(ForeignKey("size_systems.code", ondelete="RESTRICT"))

    __table_args__ = (
        CheckConstraint("depth BETWEEN 1 AND 3", name="depth"),
        CheckConstraint("(depth = 1) = (parent_id IS NULL)", name="only_departments_have_no_parent"),
        CheckConstraint("(depth = 1) = (department_id = id)", name="a_department_is_its_own"),
        CheckConstraint("char_length(btrim(name)) BETWEEN 1 AND 60", name="name_length"),
        CheckConstraint(f"slug ~ {SLUG} AND char_length(slug) <= 60", name="slug_form"),
        CheckConstraint("path = slug OR path LIKE '%/' || slug", name="path_ends_in_slug"),
        CheckConstraint("cardinality(string_to_array(path, '/')) = depth", name="path_has_a_slug_a_level"),
        UniqueConstraint("parent_id", "name", postgresql_nulls_not_distinct=True),
        UniqueConstraint("parent_id", "slug", postgresql_nulls_not_distinct=True),
        # What the keys of children and of listings point at.
        UniqueConstraint("id", "department_id", "depth", name="uq_categories_place"),
        UniqueConstraint("id", "parent_id", "department_id", name="uq_categories_lineage"),
        ForeignKeyConstraint(
            ["parent_id", "department_id", "parent_depth"],
            ["categories.id", "categories.department_id", "categories.depth"],
            name="fk_categories_parent_is_one_level_up",
            ondelete="RESTRICT",
        ),
        Index("ix_categories_parent_id_position", "parent_id", "position"),
    )


class Brand(Model):
    """A maker's name. Two that differ only in case are one."""

    __tablename__ = "brands"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new)
    name: Mapped[str]
    slug: Mapped[str] = mapped_column(unique=True)

    __table_args__ = (
        CheckConstraint("char_length(btrim(name)) BETWEEN 1 AND 50", name="name_length"),
        CheckConstraint(f"slug ~ {SLUG}", name="slug_form"),
        Index("uq_brands_lower_name", text("lower(name)"), unique=True),
    )


class SizeSystem(Model):
    """A way of counting sizes: letters, EU shoes, months of age."""

    __tablename__ = "size_systems"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    position: Mapped[int] = mapped_column(SmallInteger)

    __table_args__ = (CheckConstraint("code ~ '^[a-z][a-z0-9_]{0,29}$'", name="code_form"),)


class Size(Model):
    """One size of a system."""

    __tablename__ = "sizes"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new)
    system: Mapped[str] = mapped_column(ForeignKey("size_systems.code", ondelete="CASCADE"))
    label: Mapped[str]
    position: Mapped[int] = mapped_column(SmallInteger)

    __table_args__ = (
        CheckConstraint("char_length(btrim(label)) BETWEEN 1 AND 20", name="label_length"),
        UniqueConstraint("system", "label"),
    )


class Colour(Model):
    """A colour that a shopper filters by."""

    __tablename__ = "colours"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    hex: Mapped[str | None]
    """As #rrggbb; none for what has no single one."""
    position: Mapped[int] = mapped_column(SmallInteger)

    __table_args__ = (
        CheckConstraint("code ~ '^[a-z][a-z0-9_]{0,29}$'", name="code_form"),
        CheckConstraint("hex ~ '^#[0-9a-f]{6}$'", name="hex_form"),
    )


class Material(Model):
    """What a thing is mainly made of."""

    __tablename__ = "materials"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    position: Mapped[int] = mapped_column(SmallInteger)

    __table_args__ = (CheckConstraint("code ~ '^[a-z][a-z0-9_]{0,29}$'", name="code_form"),)


CATALOGUED: Final = Brand.id.between(ids.at(BEGINNING, randomness=0), ids.at(BEGINNING, randomness=2**74 - 1))
"""Brands that came with the catalogue. The others were named by members."""
