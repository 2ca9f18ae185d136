"""Titles fit their field and say nothing twice."""

import pytest

from threadly.marketplace import catalog
from threadly.sample import titles
from threadly.sample.looks import pool
from threadly.sample.pictures import Colour, Cut, Fabric, Look, Print
from threadly.sample.stock import stock


def test_no_title_can_be_longer_than_its_field() -> None:
    reference = catalog.shipped()
    brand = max(len(brand.name) for brand in reference.brands)
    size = max(
        len(form) for system in reference.systems for label in system.sizes for form in titles.sizes(label, system.code)
    )
    phrase = max(
        len(phrase)
        for outfit in pool(stock().wares, 5000, 1)
        for phrase in titles.phrases(outfit.look, stock().wares[outfit.leaf], stock().garments[outfit.look.garment])
    )
    assert phrase <= titles.LONGEST_PHRASE
    assert brand + len(", ") + titles.LONGEST_PHRASE + size <= 100


@pytest.mark.parametrize(
    ("look", "leaf", "said", "unsaid"),
    [
        (
            Look("straight-jeans", Colour.BLUE, fabric=Fabric.DENIM),
            "women/clothing/jeans",
            "blue straight jeans",
            "denim",
        ),
        (
            Look("shirt", Colour.NAVY, print=Print.STRIPES, fabric=Fabric.LINEN),
            "men/clothing/shirts",
            "striped linen shirt in navy",
            "polyester",
        ),
        (Look("sweater", Colour.RED, fabric=Fabric.KNIT), "men/clothing/knitwear", "red jumper", "knitted"),
        (Look("vase", Colour.GREEN, cut=Cut.SLIM, fabric=Fabric.COTTON), "home/decoration/vases", "green vase", "slim"),
    ],
)
def test_a_phrase_says_what_is_to_be_seen_and_nothing_twice(look: Look, leaf: str, said: str, unsaid: str) -> None:
    phrases = titles.phrases(look, stock().wares[leaf], stock().garments[look.garment])
    assert said in phrases
    assert not [phrase for phrase in phrases if unsaid in phrase]


def test_metal_has_no_colour_to_filter_by_and_glass_no_material() -> None:
    assert titles.colour_of(Colour.GOLD) is None
    assert titles.material_of(Fabric.COTTON, stock().garments["vase"], "vase") is None
    assert titles.material_of(Fabric.KNIT, stock().garments["sweater"], "sweater") == "wool"
    codes = {material.code for material in catalog.shipped().materials}
    assert {titles.material_of(fabric, stock().garments["shirt"], "shirt") for fabric in Fabric} <= codes
    tints = {tint.code for tint in catalog.shipped().colours}
    assert {titles.colour_of(colour) for colour in Colour} - {None} == tints
