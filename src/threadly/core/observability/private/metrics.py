"""`/metrics`: those of all workers of a server, or of one process by itself."""

from prometheus_client import Gauge

from threadly.core.observability.collecting import Collector
from threadly.core.observability.metrics import Totals, content_type, snapshot, text
from threadly.core.observability.private.listener import Answer, Asked, Handler

PATH = "/metrics"

_WORKERS = Gauge("threadly_workers", "Workers that live and report.", multiprocess_mode="livemax")
_HERE = "here"


def told(totals: Totals, collector: Collector | None = None) -> Handler:
    """Answers with the metrics of this process, and of the workers whose totals these are."""

    async def metrics(asked: Asked) -> Answer:
        if collector is not None:
            _WORKERS.set(collector.living)
        totals.heard(_HERE, snapshot())
        form = content_type(asked.headers.get("accept", ""))
        return Answer(text(totals.families(), form=form), form)

    return metrics
