"""Where the sample hangs in a catalogue that is not Threadly's own."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from threadly.core.errors import Invalid
from threadly.marketplace.catalog import Reference
from threadly.sample.errors import NothingToHang
from threadly.sample.stock import Stock


@dataclass(frozen=True, slots=True)
class Shelves:
    """What of the sample is sold in a catalogue, and where."""

    stock: Stock
    reference: Reference | None
    """None: Threadly's own."""
    places: Mapping[str, str]
    """By a leaf of the sample, the leaf of the catalogue where it hangs, if its path is another."""

    @classmethod
    def of(cls, stock: Stock, reference: Reference | None, hanging: Mapping[str, str]) -> "Shelves":
        """The part of a stock for which a catalogue has a place.

        Args:
            hanging: By a leaf of the catalogue, the leaf of the sample.

        Raises:
            Invalid: A leaf is named that is not there, or one twice.
            NothingToHang: Nothing is left to sell.
        """
        if reference is None:
            return cls(stock, None, {})
        leaves = {branch.path for branch in reference.categories if branch.path.count("/") == 2}
        strange = sorted({*hanging} - leaves | {*hanging.values()} - {*stock.wares})
        if strange:
            raise Invalid(f"sample.toml names leaves that there are not: {', '.join(strange)}.", leaves=strange)
        places = {theirs: own for own, theirs in hanging.items()}
        if len(places) < len(hanging):
            raise Invalid("sample.toml hangs one leaf of the sample in two places.")
        wares = {path: ware for path, ware in stock.wares.items() if places.get(path, path) in leaves}
        if not wares:
            raise NothingToHang
        return cls(msgspec.structs.replace(stock, wares=wares), reference, places)
