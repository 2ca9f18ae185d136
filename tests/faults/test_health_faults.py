"""Health while PostgreSQL and Valkey both hang: probes are answered at once, and tell the truth before long."""

import asyncio
import json
import os
import subprocess
import sys
import time
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import urlopen

from tests.faults.breakable import Served
from tests.faults.probing import Shop, probe
from tests.processes import ROOT, eventually

SLACK: Final = 20
"""Times the goal, for machines that have other things to do: docs/goals.md has the figures of a quiet one."""
LIVEZ_MS: Final = 1.0
READYZ_MS: Final = 200.0
NOTICED_SECONDS: Final = 20.0  # 7 on a quiet machine
HANG_SECONDS: Final = float(os.environ.get("THREADLY_TEST_HANG_SECONDS", "0"))
"""Beyond what the questions take; so long that whatever looks seldom has looked often, for a night."""
DOCTOR_SECONDS: Final = 2.0


def ask(url: str) -> tuple[int, Any]:
    """The status, and what is said."""
    try:
        with urlopen(url, timeout=5) as answer:
            return answer.status, json.load(answer)
    except HTTPError as refusal:
        return refusal.code, json.load(refusal)


def test_probes_are_answered_at_once_while_both_engines_hang_and_tell_of_it_until_they_are_back(
    hanging_shop: Shop, hanging_server: Served
) -> None:
    public, private = hanging_server.url, hanging_server.private
    port = int(public.rpartition(":")[2])
    eventually(lambda: hanging_server.is_ready, within=NOTICED_SECONDS, what="it is ready")
    with hanging_shop.hanging():
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


def test_the_doctor_comes_to_an_end_while_both_engines_hang(hanging_shop: Shop) -> None:
    _, to_start = examined(hanging_shop)
    with hanging_shop.hanging():
        ended, seconds = examined(hanging_shop)
    assert (ended.returncode, ended.stderr) == (2, "")
    assert seconds < DOCTOR_SECONDS + 2 * to_start
    told = {(found["area"], found["about"]): found for found in json.loads(ended.stdout)["findings"]}
    for area in ("database", "valkey"):
        assert told[area, "answers"]["status"] == ("fail" if area == "database" else "warn")
        assert told[area, "answers"]["do"].startswith("It hangs")
        assert f"docs/runbooks/{area}.md" in told[area, "answers"]["do"]
    assert told["machine", "open files"]["status"] == "pass"


def examined(shop: Shop) -> tuple[subprocess.CompletedProcess[str], float]:
    """What the doctor says, and the seconds it took, with the interpreter's start."""
    began = time.monotonic()
    ended = subprocess.run(
        [sys.executable, "-m", "threadly", "doctor", "--json"],
        env={**os.environ, **shop.environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return ended, time.monotonic() - began
