"""Applications of others on the core alone, each in an environment of its own: served, its engine stopped and back."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.examples.serving import (
    READY_SECONDS,
    REFUSED_SECONDS,
    ask,
    assert_typed,
    free_port,
    installed,
    refused,
    start,
)
from tests.faults.probing import Shop
from tests.processes import children, eventually
from threadly.embedded import blocking_engines

MARKETPLACE: Final = ("sqlalchemy", "litestar", "granian", "jinja2", "babel", "cyclopts", "rich", "pyvips")
NOTICED_SECONDS: Final = 12.0  # two looks, a second apart, and each may take one
STOP_SECONDS: Final = 10.0


@dataclass(frozen=True)
class Example:
    """One of examples/."""

    name: str
    needs: str
    """The engine: `postgres` or `valkey`."""
    variable: str
    route: str
    """Of what is asked again and again."""
    found: int
    unknown: str
    """A path of the same route where there is nothing."""

    def add(self, at: str) -> str:
        """Adds something; where it is found then."""
        if self.name == "notes":
            status, _, body = ask(f"{at}/notes", json.dumps({"text": "milk"}).encode())
            assert status == 201
            return f"{at}/notes/{json.loads(body)['id']}"
        status, _, body = ask(f"{at}/", b"https://example.org/a/long/way")
        assert status == 201
        return at + body.decode()


EXAMPLES: Final = (
    Example("notes", "postgres", "NOTES_DATABASE_URL", "/notes/{id}", 200, "/notes/4711"),
    Example("links", "valkey", "LINKS_VALKEY_URL", "/{key}", 307, "/abcd1234"),
)


@dataclass(frozen=True)
class Served:
    """One that runs."""

    process: subprocess.Popen[bytes]
    public: str
    private: str
    log: Path
    engine: Shop
    url: str

    def lines(self) -> list[dict[str, Any]]:
        """What it has logged; each line is one object."""
        return [json.loads(line) for line in self.log.read_bytes().splitlines()]

    def metric(self, name: str, **labels: str) -> float | None:
        """The value of one sample."""
        families = text_string_to_metric_families(ask(f"{self.private}/metrics")[2].decode())
        samples = (sample for family in families for sample in family.samples)
        found = (sample.value for sample in samples if sample.name == name and labels.items() <= sample.labels.items())
        return next(found, None)

    def counted(self) -> dict[tuple[str, ...], float]:
        """Requests by method, route and status."""
        families = text_string_to_metric_families(ask(f"{self.private}/metrics")[2].decode())
        found = next(family for family in families if family.name == "threadly_http_requests")
        return {
            tuple(sample.labels[name] for name in ("method", "route", "status")): sample.value
            for sample in found.samples
            if sample.name.endswith("_total")
        }


@contextmanager
def served(example: Example, folder: Path) -> Iterator[Served]:
    """It runs, on an engine that nobody else uses."""
    others = children(os.getpid())
    is_postgres = example.needs == "postgres"
    with blocking_engines(ephemeral=True, durable=False, postgres=is_postgres, valkey=not is_postgres) as running:
        engine = Shop({}, [pid for pid in children(os.getpid()) if pid not in others])
        url = running.database_url or running.cache_url or ""
        public, private = free_port(), free_port()
        prefix = example.name.upper()
        told = {f"{prefix}_PORT": str(public), f"{prefix}_OBSERVABILITY__OPS__LISTEN": f"127.0.0.1:{private}"}
        log = folder / "lines"
        with log.open("wb") as written:
            process = start(example.name, {example.variable: url} | told, stdout=written, stderr=written)
        one = Served(process, f"http://127.0.0.1:{public}", f"http://127.0.0.1:{private}", log, engine, url)
        try:
            eventually(lambda: is_ready(one), within=READY_SECONDS, what="it is ready")
            yield one
        finally:
            process.kill()
            process.wait()


def is_ready(one: Served) -> bool:
    try:
        return ask(f"{one.public}/readyz")[0] == 200
    except OSError:
        return False


@pytest.fixture(scope="module", params=EXAMPLES, ids=lambda example: example.name)
def example(request: pytest.FixtureRequest) -> Example:
    """One, with its environment made."""
    one: Example = request.param
    told_to(one, {})
    return one


def told_to(example: Example, settings: Mapping[str, str]) -> str:
    """What it says to settings that it does not start with, without an address."""
    return refused(example.name, {f"{example.name.upper()}_{name}": value for name, value in settings.items()})


def test_all_that_is_wrong_with_its_settings_is_said_at_once_and_no_value_is_repeated(example: Example) -> None:
    said = told_to(example, {"PORT": "swordfish", "PROT": "8080", "OBSERVABILITY__LOGS__LEVEL": "swordfish"})
    prefix = example.name.upper()
    assert f"{example.variable} is missing" in said
    assert f"{prefix}_PORT (environment) should be" in said
    assert f"{prefix}_OBSERVABILITY__LOGS__LEVEL (environment) should be debug, info, warning or error" in said
    assert f"{prefix}_PROT (environment) is no setting; did you mean {prefix}_PORT?" in said
    assert "swordfish" not in said


def test_nothing_of_the_marketplace_is_installed_or_needed(example: Example) -> None:
    needed = "threadly.core.config, threadly.core.lifecycle, threadly.core.observability.private"
    assert installed(example.name, MARKETPLACE, needed=needed) == []


def test_its_types_are_right(example: Example) -> None:
    assert_typed(example.name)


def test_production_refuses_a_database_whose_password_can_be_guessed() -> None:
    said = told_to(EXAMPLES[0], {"DATABASE_URL": "postgresql://notes:summertime@127.0.0.1:5432/notes"})
    assert "[database-password-strong]" in said
    assert "summertime" not in said


def test_it_answers_logs_and_counts_and_tells_of_an_engine_that_hangs_until_it_is_back(
    example: Example, tmp_path: Path
) -> None:
    with served(example, tmp_path) as one:
        place = example.add(one.public)
        status, headers, _ = ask(place)
        assert status == example.found
        assert ask(one.public + example.unknown)[0] == 404
        assert ask(f"{one.public}/nothing/of/the/kind")[0] == 404

        with one.engine.hanging():
            began = time.monotonic()
            assert ask(place)[0] == 503
            refused = time.monotonic() - began
            eventually(lambda: not is_ready(one), within=NOTICED_SECONDS, what="it is not ready")
            began = time.monotonic()
            assert [ask(f"{one.public}/livez")[0] for _ in range(20)] == [200] * 20
            alive = time.monotonic() - began
            health = json.loads(ask(f"{one.private}/health")[2])
            errors = json.loads(ask(f"{one.private}/errors")[2])
            failures = one.metric("threadly_errors_total", work="request", level="error")
        eventually(lambda: is_ready(one), within=NOTICED_SECONDS, what="it is ready again")
        assert ask(place)[0] == example.found
        counted = one.counted()
        with one.engine.hanging():  # it has still to end when it is told to
            one.process.send_signal(signal.SIGTERM)
            assert one.process.wait(STOP_SECONDS) in {0, -signal.SIGTERM}  # uvicorn ends by the signal that it was told

    lines = one.lines()
    assert alive < 20 * 0.1
    assert refused < REFUSED_SECONDS
    (line,) = (line for line in lines if line.get("request_id") == headers["x-request-id"])
    assert (line["event"], line["route"], line["status"]) == ("request", example.route, example.found)
    assert (line["process"], len(line["trace_id"])) == (example.name, 32)
    assert counted["GET", example.route, str(example.found)] == 2
    assert counted["GET", example.route, "503"] == 1
    assert counted["GET", example.route, "404"] == 1
    assert counted["GET", "unmatched", "404"] == 1
    (check,) = (detail for name, (detail,) in health["checks"].items())
    assert (check["status"], check["required"]) == ("fail", True)
    (group,) = errors["groups"]
    assert (group["count"], group["level"], failures) == (1, "error", 1)
    assert "__main__:" in group["where"][-1]  # told apart by a function of the application's own
    (failure,) = (line for line in lines if line["event"] == "A failure of a new kind.")
    assert (failure["level"], failure["route"]) == ("error", example.route)
    events = [line["event"] for line in lines]
    assert events.index("A check fails.") < events.index("A check is well again.")
    password = one.url.partition(":")[2].partition("@")[0].rpartition(":")[2]
    assert len(password) > 20
    assert password not in one.log.read_text() + json.dumps([health, errors])
