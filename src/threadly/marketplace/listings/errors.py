"""What can be wrong about a listing."""

from threadly.core.errors import NotFound


class ListingNotFound(NotFound):
    """No such listing, or one that the public does not see: a draft, or a removed one."""

    code = "listing_not_found"
    title = "This item is not here, or no longer."
