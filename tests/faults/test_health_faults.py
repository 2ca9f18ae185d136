"""Health while PostgreSQL and Valkey both hang: probes are answered at once, and tell the truth before long."""

import asyncio
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import urlopen

from tests.faults.probing import probe, shop_of_its_own
from tests.processes import ROOT, eventually, program

SLACK: Final = 20
"""Times the goal, for machines that have other things to do: docs/goals.md has the figures of a quiet one."""
LIVEZ_MS: Final = 1.0
READYZ_MS: Final = 200.0
NOTICED_SECONDS: Final = 20.0  # 7 on a quiet machine
HANG_SECONDS: Final = float(os.environ.get("THREADLY_TEST_HANG_SECONDS", "0"))
"""Beyond what the questions take; so long that whatever looks seldom has looked often, for a night."""
DOCTOR_SECONDS: Final = 2.0
START_SECONDS: Final = 4.0  # of the interpreter, with all that it imports, on a busy machine; 1 on a quiet one


def ask(url: str) -> tuple[int, Any]:
    """The status, and what is said."""
    try:
        with urlopen(url, timeout=5) as answer:
            return answer.status, json.load(answer)
    except HTTPError as refusal:
        return refusal.code, json.load(refusal)


def test_probes_are_answered_at_once_while_both_engines_hang_and_tell_of_it_until_they_are_back(tmp_path: Path) -> None:
    serve = ("threadly", "serve", "--port", "0", "--workers", "1")
    with shop_of_its_own(str(tmp_path)) as shop, program(*serve, environment=shop.environment) as server:
        public = server.line("answers at").partition("answers at ")[2].partition(",")[0]
        private = server.line("Metrics at").split()[2].removesuffix("/metrics,")
        port = int(public.rpartition(":")[2])
        eventually(lambda: ask(f"{private}/readyz")[0] == 200, within=10, what="it is ready")
        with shop.hanging():
            alive = asyncio.run(probe(port, "/livez", count=300))
            anew = asyncio.run(probe(port, "/livez", count=300, keeps=False))
            eventually(lambda: ask(f"{public}/readyz")[0] == 503, within=NOTICED_SECONDS, what="it is not ready")
            ready = asyncio.run(probe(port, "/readyz", count=1000, pause=0.001))
            still = asyncio.run(probe(port, "/livez", count=300))
            time.sleep(HANG_SECONDS)
            said = ask(f"{private}/health")[1]
        eventually(lambda: ask(f"{public}/readyz")[0] == 200, within=NOTICED_SECONDS, what="it is ready again")

    assert alive.codes == anew.codes == still.codes == {200}
    assert max(alive.p99, anew.p99, still.p99) < SLACK * LIVEZ_MS
    assert ready.codes == {503}
    assert ready.most < READYZ_MS * 2
    assert said["checks"]["database:responseTime"][0]["status"] == "fail"
    assert said["checks"]["database:migrations"][0]["status"] == "pass", "no answer says nothing of the schema"
    assert said["checks"]["valkey:responseTime"][0]["output"].startswith(("No answer", "An earlier look"))


def test_the_doctor_comes_to_an_end_while_both_engines_hang(tmp_path: Path) -> None:
    with shop_of_its_own(str(tmp_path)) as shop, shop.hanging():
        began = time.monotonic()
        ended = subprocess.run(
            [sys.executable, "-m", "threadly", "doctor", "--json"],
            env={**os.environ, **shop.environment, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=30,
        )
        seconds = time.monotonic() - began
    assert (ended.returncode, ended.stderr) == (2, "")
    assert seconds < DOCTOR_SECONDS + START_SECONDS
    told = {(found["area"], found["about"]): found for found in json.loads(ended.stdout)["findings"]}
    for area in ("database", "valkey"):
        assert told[area, "answers"]["status"] == ("fail" if area == "database" else "warn")
        assert told[area, "answers"]["do"].startswith("It hangs")
        assert f"docs/runbooks/{area}.md" in told[area, "answers"]["do"]
    assert told["machine", "open files"]["status"] == "pass"
