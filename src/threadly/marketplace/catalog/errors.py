"""What can be wrong about the catalogue."""

from threadly.core.errors import NotFound


class CategoryNotFound(NotFound):
    """No category has this path."""

    code = "category_not_found"
    title = "We do not have this category."
