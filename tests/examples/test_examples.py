"""Applications of others on the core alone, each in an environment of its own: served, its engine stopped and back."""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.faults.probing import Shop
from tests.processes import ROOT, children, eventually
from threadly.embedded import Engines, blocking_engines

MARKETPLACE: Final = ("sqlalchemy", "litestar", "granian", "jinja2", "babel", "cyclopts", "rich", "pyvips")
READY_SECONDS: Final = 30.0  # the interpreter's start on a busy machine; 1.5 on a quiet one
REFUSED_SECONDS: Final = 6.0  # two for the engine, the rest for a busy machine
NOTICED_SECONDS: Final = 12.0  # two looks, a second apart, and each may take one
STOP_SECONDS: Final = 10.0


@dataclass(frozen=True)
class Example:
    """One of examples/."""

    name: str
    url: Callable[[Engines], str | None]
    variable: str
    route: str
    """Of what is asked again and again."""
    found: int

    @property
    def python(self) -> str:
        return str(ROOT / "examples" / self.name / ".venv/bin/python")

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
    Example("notes", lambda engines: engines.database_url, "NOTES_DATABASE_URL", "/notes/{id}", 200),
    Example("links", lambda engines: engines.cache_url, "LINKS_VALKEY_URL", "/{key}", 307),
)


class Stay(HTTPRedirectHandler):
    """Leads nowhere."""

    def redirect_request(self, *_: object) -> None:
        """Nobody goes there."""


def ask(url: str, body: bytes | None = None) -> tuple[int, Message, bytes]:
    """Status, headers and body."""
    request = Request(url, body, {"content-type": "application/json"})
    try:
        with build_opener(Stay).open(request, timeout=REFUSED_SECONDS) as answer:
            return answer.status, answer.headers, answer.read()
    except HTTPError as other:
        return other.code, other.headers, other.read()


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

    def counted(self) -> dict[tuple[str, ...], float]:
        """Requests by method, route and status."""
        families = text_string_to_metric_families(ask(f"{self.private}/metrics")[2].decode())
        found = next(family for family in families if family.name == "threadly_http_requests")
        return {
            tuple(sample.labels[name] for name in ("method", "route", "status")): sample.value
            for sample in found.samples
            if sample.name.endswith("_total")
        }


def environment(example: Example, url: str = "") -> dict[str, str]:
    """What a shell of somebody else's has, and the address."""
    told = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "PYTHONUNBUFFERED": "1"}
    pip = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "UV_", "SSL_"))}
    return told | pip | ({example.variable: url} if url else {})


def start(example: Example, environment: Mapping[str, str], **how: Any) -> subprocess.Popen[bytes]:  # noqa: ANN401
    return subprocess.Popen([str(ROOT / "dev"), "example", example.name], env=environment, cwd=ROOT, **how)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def served(example: Example, folder: Path) -> Iterator[Served]:
    """It runs, on an engine that nobody else uses."""
    others = children(os.getpid())
    with blocking_engines(ephemeral=True) as running:
        engine = Shop({}, [pid for pid in children(os.getpid()) if pid not in others])
        url = example.url(running) or ""
        public, private = free_port(), free_port()
        prefix = example.name.upper()
        told = {f"{prefix}_PORT": str(public), f"{prefix}_OBSERVABILITY__OPS__LISTEN": f"127.0.0.1:{private}"}
        log = folder / "lines"
        with log.open("wb") as written:
            process = start(example, environment(example, url) | told, stdout=written, stderr=written)
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
    """One, with its environment made; without settings it says what it wants to be told, and does nothing else."""
    one: Example = request.param
    refused = start(one, environment(one), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said, _ = refused.communicate(timeout=180)
    assert refused.returncode == 2, said.decode()
    assert f"{one.variable} is missing" in said.decode()
    return one


def test_nothing_of_the_marketplace_is_installed_or_needed(example: Example) -> None:
    code = (
        "import importlib.util, sys; "
        "import threadly.core.config, threadly.core.lifecycle, threadly.core.observability.private; "
        f"print([name for name in {MARKETPLACE} if importlib.util.find_spec(name)])"
    )
    found = subprocess.run([example.python, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"


def test_its_types_are_right(example: Example) -> None:
    typed = subprocess.run(
        [".venv/bin/python", "-m", "mypy", "--python-executable", example.python, f"examples/{example.name}"],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert typed.returncode == 0, typed.stdout


def test_production_refuses_a_database_whose_password_can_be_guessed() -> None:
    notes = EXAMPLES[0]
    told = environment(notes, "postgresql://notes:summertime@127.0.0.1:5432/notes")
    refused = start(notes, told, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = refused.communicate(timeout=180)[0].decode()
    assert refused.returncode == 2, said
    assert "[database-password-strong]" in said
    assert "summertime" not in said


def test_it_answers_logs_and_counts_and_tells_of_an_engine_that_hangs_until_it_is_back(
    example: Example, tmp_path: Path
) -> None:
    with served(example, tmp_path) as one:
        place = example.add(one.public)
        status, headers, _ = ask(place)
        assert status == example.found
        assert ask(f"{one.public}/nothing/of/the/kind")[0] == 404

        with one.engine.hanging():
            eventually(lambda: not is_ready(one), within=NOTICED_SECONDS, what="it is not ready")
            began = time.monotonic()
            assert ask(f"{one.public}/livez")[0] == 200
            alive = time.monotonic() - began
            assert ask(place)[0] == 503
            refused = time.monotonic() - began - alive
            health = json.loads(ask(f"{one.private}/health")[2])
            errors = json.loads(ask(f"{one.private}/errors")[2])
        eventually(lambda: is_ready(one), within=NOTICED_SECONDS, what="it is ready again")
        assert ask(place)[0] == example.found
        counted = one.counted()
        one.process.send_signal(signal.SIGTERM)
        assert one.process.wait(STOP_SECONDS) in {0, -signal.SIGTERM}  # uvicorn ends by the signal that it was told

    lines = one.lines()
    assert alive < 0.5
    assert refused < REFUSED_SECONDS
    (line,) = (line for line in lines if line.get("request_id") == headers["x-request-id"])
    assert (line["event"], line["route"], line["status"]) == ("request", example.route, example.found)
    assert counted["GET", example.route, str(example.found)] == 2
    assert counted["GET", example.route, "503"] == 1
    assert counted["GET", "unmatched", "404"] == 1
    (check,) = (detail for name, (detail,) in health["checks"].items())
    assert (check["status"], check["required"]) == ("fail", True)
    assert [group["count"] for group in errors["groups"] if group["level"] == "error"] == [1]
    events = [line["event"] for line in lines]
    assert events.index("A check fails.") < events.index("A check is well again.")
    password = one.url.partition(":")[2].partition("@")[0].rpartition(":")[2]
    assert len(password) > 20
    assert password not in one.log.read_text() + json.dumps([health, errors])
