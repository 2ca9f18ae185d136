"""Starts what is in examples/, each in an environment of its own, and asks it."""

import json
import os
import socket
import subprocess
from collections.abc import Iterable, Mapping
from email.message import Message
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from tests.processes import ROOT

READY_SECONDS: Final = 30.0  # the interpreter's start on a busy machine; 1.5 on a quiet one
REFUSED_SECONDS: Final = 5.0  # two for the engine, the rest for a busy machine


class Stay(HTTPRedirectHandler):
    """Leads nowhere."""

    def redirect_request(self, *_: object) -> None:
        """Nobody goes there."""


def ask(
    url: str, body: bytes | None = None, *, within: float = REFUSED_SECONDS, token: str = ""
) -> tuple[int, Message, bytes]:
    """Status, headers and body."""
    request = Request(url, body, {"content-type": "application/json"})
    if token:
        request.add_header("authorization", f"Bearer {token}")
    try:
        with build_opener(Stay).open(request, timeout=within) as answer:
            return answer.status, answer.headers, answer.read()
    except HTTPError as other:
        return other.code, other.headers, other.read()


def start(name: str, told: Mapping[str, str], **how: Any) -> subprocess.Popen[bytes]:  # noqa: ANN401
    """One of them, told this and what a shell of somebody else's has."""
    shell = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "PYTHONUNBUFFERED": "1"}
    pip = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "UV_", "SSL_"))}
    return subprocess.Popen([str(ROOT / "dev"), "example", name], env={**shell, **pip, **told}, cwd=ROOT, **how)


def refused(name: str, told: Mapping[str, str], *, code: int = 2) -> str:
    """What it says to settings that it does not start with; it ends with this code."""
    started = start(name, told, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = started.communicate(timeout=180)[0].decode()
    assert started.returncode == code, said
    return said


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


def python_of(name: str) -> str:
    return str(ROOT / "examples" / name / ".venv/bin/python")


def installed(name: str, modules: Iterable[str], *, needed: str) -> list[str]:
    """Which of the modules its environment has; what is needed can be imported there."""
    code = (
        f"import importlib.util, json; import {needed}; "
        f"print(json.dumps([name for name in {list(modules)} if importlib.util.find_spec(name)]))"
    )
    found = subprocess.run([python_of(name), "-c", code], capture_output=True, text=True, check=True)
    return list(map(str, json.loads(found.stdout)))


def assert_typed(name: str) -> None:
    typed = subprocess.run(
        [".venv/bin/python", "-m", "mypy", "--python-executable", python_of(name), f"examples/{name}"],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert typed.returncode == 0, typed.stdout
