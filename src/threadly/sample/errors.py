"""Why sample data does not go in."""

from threadly.core.errors import Conflict, Unavailable


class MarketplaceNotEmpty(Conflict):
    """The database holds members, pictures or listings that this seed did not make. Nothing was changed."""

    code = "sample_marketplace_not_empty"
    title = "Sample data goes into an empty marketplace only."


class NothingToHang(ValueError):
    """The catalogue is another than Threadly's, and nothing of the sample has a place in it."""

    code = "sample_nothing_to_hang"

    def __init__(self) -> None:
        super().__init__(
            "There is no sample for any category of this catalogue; a sample.toml in the site's folder can say what "
            "hangs where (docs/guide/your-own-site.md)."
        )


class MarketplaceBusy(Unavailable):
    """Somebody works in the tables that are to be filled, and did not finish in time. Nothing was changed."""

    code = "sample_marketplace_busy"
    title = "The marketplace is in use; sample data needs it for itself. Please try again in a moment."
