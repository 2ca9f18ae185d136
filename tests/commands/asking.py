"""Asks commands, and what a server tells those who run it."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

from tests.processes import ROOT


def asked(environment: Mapping[str, str], *options: str, command: tuple[str, ...] = ("check",)) -> tuple[int, str]:
    """The exit code of `threadly check` in an environment without anything else, and what it printed."""
    bare = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME"}}
    ended = subprocess.run(
        [sys.executable, "-m", "threadly", *command, *options],
        env={**bare, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        cwd="/",
    )
    assert ended.stderr == ""
    return ended.returncode, ended.stdout


def ask(url: str) -> tuple[int, Any]:
    """The status, and what is said."""
    try:
        with urlopen(url, timeout=5) as answer:
            return answer.status, json.load(answer)
    except HTTPError as refusal:
        return refusal.code, json.load(refusal) if "json" in refusal.headers["content-type"] else None
