"""The category tree, in JSON."""

from uuid import UUID

import msgspec

from threadly.api.endpoints import reads
from threadly.marketplace import catalog
from threadly.wiring import Services

_DRESSES = catalog.Node(
    id=UUID("0197f2a0-0000-7000-8000-000000000003"), name="Dresses", slug="dresses", path="women/clothing/dresses"
)
_CLOTHING = catalog.Node(
    id=UUID("0197f2a0-0000-7000-8000-000000000002"),
    name="Clothing",
    slug="clothing",
    path="women/clothing",
    children=(_DRESSES,),
)
_WOMEN = catalog.Node(
    id=UUID("0197f2a0-0000-7000-8000-000000000001"), name="Women", slug="women", path="women", children=(_CLOTHING,)
)


class CategoriesOut(msgspec.Struct, frozen=True, kw_only=True):
    """The category tree: departments, their groups, and the leaves that listings belong to."""

    items: tuple[catalog.Node, ...]


@reads(
    "/categories",
    id="find_categories",
    tag="Categories",
    summary="The category tree",
    kept_for=300,
    example=CategoriesOut(items=(_WOMEN,)),
)
async def categories(services: Services) -> CategoriesOut:
    """All categories, in the order in which shops show them. Listings can be asked for by a category's `path`."""
    async with services.db.read() as read:
        return CategoriesOut(items=await catalog.tree(read))
