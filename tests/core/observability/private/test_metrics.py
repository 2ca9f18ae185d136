"""`/metrics` of a process by itself, and of one that collects. With workers: tests/commands/test_serve_metrics.py."""

from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_open
from prometheus_client.parser import text_string_to_metric_families as read

from tests.core.observability.hearing import connected, says, until
from threadly.core.observability import SOCKET, Collector, private_folder
from threadly.core.observability.metrics import REQUESTS, TOPIC, Totals, snapshot
from threadly.core.observability.private.listener import Asked
from threadly.core.observability.private.metrics import PATH, told


async def test_a_process_tells_of_itself_and_twice_the_same() -> None:
    metrics = told(Totals())
    REQUESTS.observe("GET", "/told", 200, 0.1)
    for _ in range(2):
        answer = await metrics(Asked(PATH))
        assert answer.content_type.startswith("text/plain; version=0.0.4")
        samples = {
            tuple(sample.labels.values()): sample.value
            for family in read(answer.body.decode())
            if family.name == "threadly_http_requests"
            for sample in family.samples
        }
        assert samples["GET", "/told", "200"] == 1


async def test_workers_are_counted_and_added() -> None:
    REQUESTS.observe("GET", "/added", 200, 0.1)
    totals = Totals()
    with private_folder() as folder:
        collector = Collector(folder / SOCKET, subscribers={TOPIC: totals})
        async with collector.listening(), connected(collector.path) as (_, writer):
            await says(writer, "1" * 32, 0, snapshot())
            await until(lambda: collector.living)
            accept = {"accept": "application/openmetrics-text; version=1.0.0"}
            answer = await told(totals, collector)(Asked(PATH, headers=accept))
    assert answer.content_type.startswith("application/openmetrics-text")
    families = {family.name: family for family in read_open(answer.body.decode())}  # type: ignore[no-untyped-call]
    assert families["threadly_workers"].samples[0].value == 1
    added = families["threadly_http_requests"].samples
    assert [sample.value for sample in added if sample.labels["route"] == "/added"] == [2]
