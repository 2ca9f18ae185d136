"""The habits that ruff holds: its configuration fires on each of them."""

import subprocess
import sys

import pytest

from habits.tree import ROOT

PLANTED = [
    ("an import inside a function", "PLC0415", "def f() -> None:\n    import json\n\n    json.dumps(1)\n"),
    ("a relative import", "TID252", "from . import clock\n\nprint(clock)\n"),
    ("a naive time", "DTZ005", "import datetime\n\nNOW = datetime.datetime.now()\n"),
    ("an exception swallowed whole", "BLE001", "try:\n    F = 1\nexcept Exception:\n    F = 2\n"),
    ("a print", "T201", "print(1)\n"),
    ("SQL put together from strings", "S608", "def f(a: str) -> str:\n    return f'SELECT a FROM b WHERE c = {a}'\n"),
    ("unescaped markup", "S704", "from markupsafe import Markup\n\n\ndef f(a: str) -> Markup:\n    return Markup(a)\n"),
    ("a function without types", "ANN001", "def f(a) -> None: ...\n"),
    ("a mutable default", "B006", "def f(a: list[int] = []) -> None: ...\n"),
    (
        "a task nobody holds",
        "RUF006",
        "import asyncio\n\n\nasync def f() -> None:\n    asyncio.create_task(f())\n",
    ),
    ("a coroutine that blocks", "ASYNC251", "import time\n\n\nasync def f() -> None:\n    time.sleep(1)\n"),
    ("code in a comment", "ERA001", "# x = 1\n"),
]


@pytest.mark.parametrize(("case", "code", "planted"), PLANTED)
def test_the_linter_is_set_to_find(case: str, code: str, planted: str) -> None:
    ruff = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format", "concise"]
    found = subprocess.run(
        [*ruff, "--stdin-filename", "src/threadly/core/planted.py", "-"],
        cwd=ROOT,
        input=planted,
        capture_output=True,
        text=True,
    )
    assert f" {code} " in found.stdout, found.stdout + found.stderr
