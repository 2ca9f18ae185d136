"""`threadly serve` and `threadly work` tell those who run them what happens."""

import json
import os
import re
import signal
import socket
from collections.abc import Mapping
from urllib.request import urlopen

from prometheus_client.parser import text_string_to_metric_families

from tests.processes import ROOT, children, eventually, program
from threadly import app, worker
from threadly.commands import serve
from threadly.core.observability.metrics import families

SERVE = ("threadly", "serve", "--port", "0", "--workers", "2")
LISTEN = "THREADLY_OBSERVABILITY__OPS__LISTEN"
CPU = "threadly_process_cpu_seconds_total"


def scraped(url: str) -> dict[str, dict[tuple[str, ...], float]]:
    """Samples by their names and label values."""
    with urlopen(url, timeout=5) as answer:
        text = answer.read().decode()
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
    return found


def test_the_parent_tells_of_its_workers_and_of_those_that_were_killed(migrated: Mapping[str, str]) -> None:
    with program(*SERVE, environment=migrated) as server:
        url = server.line("Metrics at").split()[2].rstrip(",")
        eventually(lambda: len(scraped(url).get(CPU, {})) == 3, within=10, what="all report")
        before = scraped(url)
        assert before["threadly_workers"] == {(): 2}
        os.kill(children(server.pid)[0], signal.SIGKILL)
        server.line("another takes its place")
        eventually(lambda: scraped(url)["threadly_workers"] == {(): 2}, within=10, what="its successor reports")
        after = scraped(url)
    assert after[CPU].keys() == {("serve",), ("web 1",), ("web 2",)}
    assert all(after[CPU][process] >= value for process, value in before[CPU].items())


def test_a_taken_port_for_metrics_is_refused_and_off_tells_nobody(migrated: Mapping[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        with program(*SERVE, environment={**migrated, LISTEN: place}) as refused:
            code, said = refused.finish(within=60)
    assert code == 2
    assert f"{LISTEN}=127.0.0.1:PORT" in said
    with program(*SERVE, environment={**migrated, LISTEN: "off"}) as server:
        server.line("answers at")
        assert not any("Metrics" in line for line in server.said)


def test_a_job_worker_tells_of_itself_and_several_find_a_port_each(migrated: Mapping[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        place = f"127.0.0.1:{free.getsockname()[1]}"
    environment = {**migrated, "THREADLY_OBSERVABILITY__OPS__WORK_LISTEN": place}
    with (
        program("threadly", "work", environment=environment) as one,
        program("threadly", "work", environment=environment) as other,
    ):
        urls = {f"{json.loads(worker.line('are told'))['url']}/metrics" for worker in (one, other)}
        assert len(urls) == 2
        for url in urls:
            assert scraped(url)[CPU].keys() == {("work",)}


def test_the_guide_tells_of_everything_that_is_counted_and_of_nothing_else() -> None:
    assert all((app, worker, serve))  # what they import has registered what it counts
    guide = (ROOT / "docs/guide/operations.md").read_text()
    chapter = guide.partition("## Metrics")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| (`threadly_.*?) \|", chapter, re.MULTILINE)
    named = {name.removesuffix("_total") for cell in cells for name in re.findall(r"threadly_\w+", cell)}
    counted = {family.name for family in families() if family.name.startswith("threadly_")}
    elsewhere = {  # registered once they are set up, and told of in their own chapters
        "threadly_log_lines_dropped",
        "threadly_log_write_failures",
        "threadly_trace_spans",
        "threadly_errors_unsent",
        "threadly_sign_ins_seconds",
        "threadly_sign_ups_seconds",
    }
    assert {name for name in named - counted if not name.startswith("threadly_process_")} == set()
    assert counted - named - elsewhere == set()
