"""A believable shop, made by the program: `await seed(db, store, listings=600, seed=1)`."""

from threadly.sample.errors import MarketplaceBusy, MarketplaceNotEmpty
from threadly.sample.progress import OnProgress, Progress, Step
from threadly.sample.seeding import Seeded, seed

__all__ = ["MarketplaceBusy", "MarketplaceNotEmpty", "OnProgress", "Progress", "Seeded", "Step", "seed"]
