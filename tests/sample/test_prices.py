"""Prices are what people would write."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadly.marketplace.catalog import Condition
from threadly.sample.prices import CONDITIONS, asked, charming


@pytest.mark.parametrize(
    ("cents", "tag"),
    [(0, 150), (1_12, 150), (9_60, 9_50), (19_70, 19_90), (19_96, 20_00), (47_20, 47_00), (1_234_00, 1_250_00)],
)
def test_a_price_ends_charmingly(cents: int, tag: int) -> None:
    assert charming(cents) == tag


@given(st.floats(min_value=150, max_value=9_000_00))
def test_a_tag_is_near_what_was_meant(cents: float) -> None:
    assert abs(charming(cents) - cents) <= max(0.05 * cents, 50)


@pytest.mark.parametrize("base", [4, 20, 60])
def test_each_better_condition_and_each_dearer_tier_costs_more(base: int) -> None:
    medians = [statistics.median(asked(base, 1.0, condition)) for condition in Condition]
    assert medians == sorted(medians, reverse=True)
    assert len(set(medians)) == len(CONDITIONS)
    tiers = [statistics.median(asked(base, tier, Condition.GOOD)) for tier in (0.6, 1.0, 1.6, 3.4, 12.0)]
    assert tiers == sorted(set(tiers))


def test_sellers_of_like_things_differ() -> None:
    prices = asked(20, 1.0, Condition.VERY_GOOD)
    assert len(set(prices)) > 20
    assert 9_00 < prices[0] < prices[-1] < 40_00
