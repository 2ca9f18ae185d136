"""What things are: categories, brands, sizes, colours, materials, conditions."""

from threadly.marketplace.catalog.brands import brand_named
from threadly.marketplace.catalog.errors import CategoryNotFound, ReferenceConflicts, ReferenceMalformed
from threadly.marketplace.catalog.models import (
    CATALOGUED,
    CONDITION,
    Brand,
    Category,
    Colour,
    Condition,
    Material,
    Size,
    SizeSystem,
)
from threadly.marketplace.catalog.queries import (
    Choice,
    Choices,
    Leaf,
    Node,
    Place,
    SizeChoice,
    SizeChoices,
    choices,
    is_colour,
    is_material,
    leaf,
    leaf_of,
    named,
    size_system,
    tree,
)
from threadly.marketplace.catalog.reference import Reference, shipped
from threadly.marketplace.catalog.reference import read as read_reference
from threadly.marketplace.catalog.service import Installed, install

__all__ = [
    "CATALOGUED",
    "CONDITION",
    "Brand",
    "Category",
    "CategoryNotFound",
    "Choice",
    "Choices",
    "Colour",
    "Condition",
    "Installed",
    "Leaf",
    "Material",
    "Node",
    "Place",
    "Reference",
    "ReferenceConflicts",
    "ReferenceMalformed",
    "Size",
    "SizeChoice",
    "SizeChoices",
    "SizeSystem",
    "brand_named",
    "choices",
    "install",
    "is_colour",
    "is_material",
    "leaf",
    "leaf_of",
    "named",
    "read_reference",
    "shipped",
    "size_system",
    "tree",
]
