"""A believable shop, made by the program: `await seed(db, store, listings=600, seed=1)`."""

from threadly.sample.errors import MarketplaceBusy, MarketplaceNotEmpty, NothingToHang
from threadly.sample.progress import OnProgress, Progress, Step
from threadly.sample.seeding import Seeded, seed
from threadly.sample.shelves import Shelves
from threadly.sample.stock import stock

__all__ = [
    "MarketplaceBusy",
    "MarketplaceNotEmpty",
    "NothingToHang",
    "OnProgress",
    "Progress",
    "Seeded",
    "Shelves",
    "Step",
    "seed",
    "stock",
]
