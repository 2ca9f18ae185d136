"""All that is told at a private address: of one process by itself, or of the workers that report to this one."""

from collections.abc import Callable, Mapping

from threadly.core.observability.collecting import Collector
from threadly.core.observability.errors import Said
from threadly.core.observability.health import HEALTH, Health
from threadly.core.observability.metrics import Totals
from threadly.core.observability.private import errors, metrics
from threadly.core.observability.private.health import of_process as health_of_process
from threadly.core.observability.private.health import of_workers as health_of_workers
from threadly.core.observability.private.listener import Handler


def of_process(
    *, health: Callable[[], Health | None] = lambda: None, failures: Callable[[], Said] = lambda: Said([])
) -> Mapping[str, Handler]:
    """What one process tells of itself.

    Args:
        health: How it does; None while it starts.
        failures: What nobody foresaw; a Tracker's `said`.
    """
    return {
        metrics.PATH: metrics.told(Totals()),
        errors.PATH: errors.told(failures),
        **health_of_process(health),
    }


def of_workers(
    collector: Collector, *, expected: int, totals: Totals, failures: Callable[[], Said]
) -> Mapping[str, Handler]:
    """What the workers tell that report to this process, of which there should be so many.

    Args:
        totals: What was counted; it listens to the collector.
        failures: What nobody foresaw, of all of them.
    """
    return {
        metrics.PATH: metrics.told(totals, collector),
        errors.PATH: errors.told(failures),
        **health_of_workers(collector, expected=expected),
    }


def paths(url: str) -> str:
    """Where what is found, in a sentence's words."""
    return f"{url}{metrics.PATH}, health at {HEALTH}, failures at {errors.PATH}"
