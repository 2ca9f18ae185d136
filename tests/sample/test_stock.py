"""What the sample shop deals in exists: in the catalogue, and among what can be drawn."""

from threadly.marketplace import catalog
from threadly.sample.pictures import GARMENTS
from threadly.sample.stock import stock


def test_the_assortment_covers_each_leaf_of_the_catalogue() -> None:
    leaves = {branch.path for branch in catalog.shipped().categories if branch.path.count("/") == 2}
    assert set(stock().wares) == leaves


def test_every_garment_can_be_drawn_and_has_a_name() -> None:
    offered = {garment for ware in stock().wares.values() for garment in ware.garments}
    assert offered <= set(GARMENTS)
    assert offered <= set(stock().garments)
    assert {garment for own in stock().classics.values() for garment in own} <= offered


def test_every_maker_is_a_brand_and_every_line_has_makers() -> None:
    brands = {brand.name for brand in catalog.shipped().brands}
    makers = {name for tier in stock().tiers for names in tier.makers.values() for name in names}
    assert makers <= brands
    assert len(makers) >= 150
    assert set(stock().classics) <= makers
    lines = {line for tier in stock().tiers for line in tier.makers}
    assert {ware.brands for ware in stock().wares.values()} <= lines


def test_each_leaf_is_offered_as_often_as_once_in_a_thousand() -> None:
    shares = [ware.share for ware in stock().wares.values()]
    assert min(shares) / sum(shares) >= 1 / 1000
