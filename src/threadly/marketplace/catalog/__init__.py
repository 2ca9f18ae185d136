"""What things are: categories, brands, sizes, colours, materials, conditions."""

from threadly.marketplace.catalog.errors import CategoryNotFound
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

__all__ = [
    "CONDITION",
    "Brand",
    "Category",
    "CategoryNotFound",
    "Colour",
    "Condition",
    "Material",
    "Node",
    "Place",
    "Size",
    "SizeSystem",
    "place",
    "tree",
]
