"""What is counted of searches; that storefront counts: tests/marketplace/storefront/test_finding.py."""

import pytest
from prometheus_client import REGISTRY

from threadly.marketplace.search.instruments import measured, told


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_a_search_that_is_answered_is_timed_and_one_that_fails_is_not() -> None:
    before = value("threadly_search_seconds_count", kind="results")
    with measured("results"):
        pass
    with pytest.raises(RuntimeError), measured("results"):
        raise RuntimeError
    assert value("threadly_search_seconds_count", kind="results") == before + 1


@pytest.mark.parametrize(("is_empty", "is_corrected"), [(True, False), (False, True), (False, False)])
def test_how_a_search_came_out_is_counted(is_empty: bool, is_corrected: bool) -> None:
    empty, corrected = value("threadly_search_empty_total"), value("threadly_search_corrected_total")
    told(is_empty=is_empty, is_corrected=is_corrected)
    assert value("threadly_search_empty_total") == empty + is_empty
    assert value("threadly_search_corrected_total") == corrected + is_corrected
