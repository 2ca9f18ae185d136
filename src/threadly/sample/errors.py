"""Why sample data does not go in."""

from threadly.core.errors import Conflict, Unavailable


class MarketplaceNotEmpty(Conflict):
    """The database holds members, pictures or listings that this seed did not make. Nothing was changed."""

    code = "sample_marketplace_not_empty"
    title = "Sample data goes into an empty marketplace only."


class MarketplaceBusy(Unavailable):
    """Somebody works in the tables that are to be filled, and did not finish in time. Nothing was changed."""

    code = "sample_marketplace_busy"
    title = "The marketplace is in use; sample data needs it for itself. Please try again in a moment."
