"""A real Prometheus looks at two workers under load, of which one is killed, and counts what the clients counted."""

import json
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit
from urllib.request import urlopen

import httpx
import pytest

from tests.commands.conftest import installation
from tests.engines import EngineUrls
from tests.processes import children, eventually, needed, program
from threadly.commands.demo.shop import free_address

CLIENTS: Final = 3
BEFORE_SECONDS: Final = 2.0
AFTER_SECONDS: Final = 2.0
LOST_SECONDS: Final = 1.5
"""The second that a killed worker may take with it, and what a busy machine adds to it."""
ROUTE: Final = "/livez"
ANSWERED: Final = f'threadly_http_requests_total{{route="{ROUTE}",status="200"}}'
ALL: Final = '{__name__=~"threadly_.+_(total|bucket|count|sum)"}'


class Client:
    """Asks, one request after another, and remembers when each was answered."""

    def __init__(self, url: str) -> None:
        self.answered: list[float] = []
        self.unclear = 0
        """Requests of which nobody knows whether they were answered: their connection broke."""
        self._url = url
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._ask)
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()

    def _ask(self) -> None:
        with httpx.Client(base_url=self._url) as client:
            while not self._ended.is_set():
                try:
                    assert client.get(ROUTE).status_code == 200
                    self.answered.append(time.monotonic())
                except httpx.TransportError:
                    self.unclear += 1


class Prometheus:
    """One that runs."""

    def __init__(self, url: str) -> None:
        self._url = url

    @property
    def is_ready(self) -> bool:
        try:
            with urlopen(f"{self._url}/-/ready", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def query(self, expression: str) -> list[dict[str, Any]]:
        """What its HTTP API answers."""
        with urlopen(f"{self._url}/api/v1/query?query={quote(expression)}", timeout=5) as answer:
            told = json.load(answer)
        assert told["status"] == "success"
        found: list[dict[str, Any]] = told["data"]["result"]
        return found

    def sum(self, expression: str) -> float:
        """Of all series."""
        return sum(float(series["value"][1]) for series in self.query(expression))


@pytest.fixture
def shop(database_url: str, engine_urls: EngineUrls, tmp_path: Path) -> Mapping[str, str]:
    return installation(database_url, engine_urls.cache_url, tmp_path / "media")


def test_prometheus_counts_what_clients_counted_through_the_death_of_a_worker(
    shop: Mapping[str, str], tmp_path: Path
) -> None:
    _needs("prometheus")
    with program("threadly", "serve", "--port", "0", "--workers", "2", environment=shop) as server:
        url = server.line("answers at").partition("answers at ")[2].partition(",")[0]
        told_at = server.line("Metrics at").split()[2].rstrip(",")
        with _prometheus(told_at, tmp_path) as prometheus:
            eventually(lambda: prometheus.sum("threadly_workers") == 2, within=10, what="it sees both workers")
            clients = [Client(url) for _ in range(CLIENTS)]
            time.sleep(BEFORE_SECONDS)
            os.kill(children(server.pid)[0], signal.SIGKILL)
            killed = time.monotonic()
            time.sleep(AFTER_SECONDS)
            for client in clients:
                client.stop()
            answered = sorted(at for client in clients for at in client.answered)
            most = len(answered) + sum(client.unclear for client in clients)
            least = sum(1 for at in answered if not killed - LOST_SECONDS <= at <= killed)
            eventually(lambda: prometheus.sum(ANSWERED) >= least, within=10, what="all is counted")
            time.sleep(1)
            seen = prometheus.sum(ANSWERED)
            every_sample = prometheus.query(f"{ALL}[5m]")

    assert least <= seen <= most
    assert len(answered) > 100
    assert len(every_sample) > 50
    for series in every_sample:
        values = [float(value) for _, value in series["values"]]
        assert all(before <= after for before, after in pairwise(values)), series["metric"]


def test_promtool_finds_nothing_wrong_in_what_is_told(shop: Mapping[str, str]) -> None:
    promtool = _needs("promtool")
    with program("threadly", "serve", "--port", "0", "--workers", "1", environment=shop) as server:
        url = server.line("answers at").partition("answers at ")[2].partition(",")[0]
        told_at = server.line("Metrics at").split()[2].rstrip(",")
        httpx.get(f"{url}/")
        eventually(lambda: b'route="/"' in urlopen(told_at).read(), within=10, what="the worker reports")
        told = urlopen(told_at).read()
    checked = subprocess.run([promtool, "check", "metrics"], input=told, capture_output=True)
    assert (checked.returncode, checked.stderr.decode()) == (0, "")


@contextmanager
def _prometheus(told_at: str, folder: Path) -> Iterator[Prometheus]:
    """Looks at one target twice a second."""
    target = urlsplit(told_at)
    settings = folder / "prometheus.json"  # JSON is YAML
    looks = {"job_name": "threadly", "static_configs": [{"targets": [target.netloc]}], "metrics_path": target.path}
    settings.write_text(json.dumps({"global": {"scrape_interval": "500ms"}, "scrape_configs": [looks]}))
    place = free_address(0)
    process = subprocess.Popen(
        [
            *(_needs("prometheus"), f"--config.file={settings}", f"--storage.tsdb.path={folder / 'series'}"),
            *(f"--web.listen-address={place.host}:{place.port}", "--log.level=error"),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        prometheus = Prometheus(place.url)
        eventually(lambda: prometheus.is_ready, within=15, what="Prometheus is ready")
        yield prometheus
    finally:
        process.terminate()
        process.wait(timeout=10)


def _needs(name: str) -> str:
    """Where an outside program of Debian's package `prometheus` is."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(needed(name, "apt-get install prometheus"))
    return found
