"""How often something was tried, how it came out, and how long it took.

    SIGN_INS = Outcomes("threadly_sign_ins", "Attempts to sign in.", success="signed_in")

    with SIGN_INS.measured():
        ...

The outcome is the code of the `Problem` that was raised, `failed` for any other exception, and `given_up` for a
task that was cancelled: there are as many codes as the program has.
"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import Final

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram

from threadly.core.errors import Problem
from threadly.core.observability.metrics.guard import Guarded

BOUNDS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Outcomes:
    """Two metrics: `NAME_total` by outcome, and `NAME_seconds` of all that came to an end.

    Args:
        success: What the outcome is called when nothing was raised.
    """

    def __init__(
        self,
        name: str,
        what: str,
        *,
        success: str = "done",
        buckets: Sequence[float] = BOUNDS,
        registry: CollectorRegistry = REGISTRY,
    ) -> None:
        self._success = success
        self._ended = Guarded(Counter(f"{name}_total", what, ["outcome"], registry=registry), most=100)
        self._seconds = Histogram(f"{name}_seconds", f"Seconds. {what}", buckets=buckets, registry=registry)

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Counts the block."""
        began = perf_counter()
        outcome = self._success
        try:
            yield
        except Problem as problem:
            outcome = problem.code
            raise
        except asyncio.CancelledError:
            outcome = "given_up"
            raise
        except BaseException:
            outcome = "failed"
            raise
        finally:
            self._ended.labels(outcome).inc()
            self._seconds.observe(perf_counter() - began)
