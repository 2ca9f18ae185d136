"""`threadly seed` refuses a shop with something in it."""

from pathlib import Path

import pytest

from threadly.cli import app
from threadly.sample import MarketplaceNotEmpty


@pytest.mark.usefixtures("stocked")
def test_seed_leaves_a_shop_that_has_listings_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(MarketplaceNotEmpty):
        app(["seed", "--listings", "10"], result_action="return_value")
    assert list(tmp_path.rglob("*.webp")) == []
