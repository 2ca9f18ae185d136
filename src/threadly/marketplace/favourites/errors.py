"""What can be wrong about a heart."""

from threadly.core.errors import Forbidden


class OwnListing(Forbidden):
    """Members give hearts to what others sell: a seller's own would say nothing to anybody."""

    code = "favourite_of_own_listing"
    title = "This is your own. Hearts come from others."
