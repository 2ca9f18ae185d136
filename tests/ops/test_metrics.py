"""`/metrics` of a process by itself, and of one that collects. With workers: tests/commands/test_serve_metrics.py."""

import re

from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_open
from prometheus_client.parser import text_string_to_metric_families as read

from tests.core.observability.hearing import connected, says, until
from tests.processes import ROOT
from threadly import app, worker
from threadly.commands import serve
from threadly.core.observability import SOCKET, Collector, private_folder
from threadly.core.observability.metrics import REQUESTS, TOPIC, Totals, families, snapshot
from threadly.ops.listener import Asked
from threadly.ops.metrics import PATH, told


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
        collector = Collector(folder / SOCKET, listeners={TOPIC: totals})
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


def test_the_guide_tells_of_everything_that_is_counted_and_of_nothing_else() -> None:
    assert all((app, worker, serve))  # what they import has registered what it counts
    guide = (ROOT / "docs/guide/operations.md").read_text()
    chapter = guide.partition("## Metrics")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| (`threadly_.*?) \|", chapter, re.MULTILINE)
    named = {name.removesuffix("_total") for cell in cells for name in re.findall(r"threadly_\w+", cell)}
    counted = {family.name for family in families() if family.name.startswith("threadly_")}
    elsewhere = {  # registered once they are set up, and told of in their own chapters
        "threadly_log_lines_dropped",
        "threadly_trace_spans",
        "threadly_errors_unsent",
        "threadly_sign_ins_seconds",
        "threadly_sign_ups_seconds",
    }
    assert {name for name in named - counted if not name.startswith("threadly_process_")} == set()
    assert counted - named - elsewhere == set()
