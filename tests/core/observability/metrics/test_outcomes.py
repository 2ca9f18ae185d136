"""How often something was tried, and how it came out."""

import asyncio

import pytest
from prometheus_client import CollectorRegistry

from threadly.core.errors import Conflict
from threadly.core.observability.metrics.outcomes import Outcomes


@pytest.mark.parametrize(
    ("raised", "outcome"),
    [
        (None, "went_well"),
        (Conflict(), Conflict.code),
        (RuntimeError("a secret"), "failed"),
        (asyncio.CancelledError(), "given_up"),
        (KeyboardInterrupt(), "failed"),
    ],
)
def test_what_was_tried_is_counted_by_how_it_came_out(raised: BaseException | None, outcome: str) -> None:
    registry = CollectorRegistry()
    tries = Outcomes("tries", "Tries.", success="went_well", registry=registry)

    def attempt() -> None:
        with tries.measured():
            if raised is not None:
                raise raised

    if raised is None:
        attempt()
    else:
        with pytest.raises(type(raised)):
            attempt()
    counted = {
        sample.labels["outcome"]: sample.value
        for metric in registry.collect()
        for sample in metric.samples
        if sample.name == "tries_total"
    }
    assert counted == {outcome: 1}
    assert registry.get_sample_value("tries_seconds_count") == 1
