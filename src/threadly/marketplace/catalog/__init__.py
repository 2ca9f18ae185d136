"""What things are: categories, brands, sizes, colours, materials, conditions."""

from threadly.marketplace.catalog.errors import CategoryNotFound, ReferenceConflicts, ReferenceMalformed
from threadly.marketplace.catalog.models import (
    CONDITION,
    Brand,
    Category,
    Colour,
    Condition,
    Material,
    Size,
    SizeSystem,
)
from threadly.marketplace.catalog.queries import Node, Place, place, tree
from threadly.marketplace.catalog.reference import Reference, shipped
from threadly.marketplace.catalog.reference import read as read_reference
from threadly.marketplace.catalog.service import Installed, install

__all__ = [
    "CONDITION",
    "Brand",
    "Category",
    "CategoryNotFound",
    "Colour",
    "Condition",
    "Installed",
    "Material",
    "Node",
    "Place",
    "Reference",
    "ReferenceConflicts",
    "ReferenceMalformed",
    "Size",
    "SizeSystem",
    "install",
    "place",
    "read_reference",
    "shipped",
    "tree",
]
