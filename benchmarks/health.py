"""What does a probe cost while PostgreSQL and Valkey both hang, and how long does the doctor take?

One worker serves; then both engines are stopped (SIGSTOP). `/livez` is asked on a connection that stays open and on
new ones, `/readyz` a thousand times a second, and `threadly doctor` examines, before and while they hang.

    ./dev bench health            5,000 probes of each
    ./dev bench health --quick    1,000
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from tests.faults.probing import Waits, probe, shop_of_its_own
from tests.processes import program
from threadly.core.observability.health import Status
from threadly.ops.doctor import examine, worst
from threadly.settings import read

GOAL_LIVEZ_MS = 1.0
GOAL_READYZ_MS = 200.0
GOAL_HUNG_SECONDS = 2.0
GOAL_HEALTHY_SECONDS = 0.3
PROBES_A_SECOND = 1000


async def examined(environment: Mapping[str, str]) -> tuple[float, Status]:
    """Seconds of one examination within a process, and what it came to."""
    began = time.perf_counter()
    found = await examine(read(environment))
    return time.perf_counter() - began, worst(found.findings)


def measured(count: int, folder: str) -> tuple[dict[str, Waits], dict[str, tuple[float, Status]]]:
    """All of it."""
    serve = ("threadly", "serve", "--port", "0", "--workers", "1")
    with shop_of_its_own(folder) as shop, program(*serve, environment=shop.environment) as server:
        port = int(server.line("answers at").partition("answers at ")[2].partition(",")[0].rpartition(":")[2])
        asyncio.run(examined(shop.environment))  # what it imports, it has imported
        doctor = {"healthy": asyncio.run(examined(shop.environment))}
        with shop.hanging():
            time.sleep(8)  # until it is said
            waits = {
                "/livez, one connection": asyncio.run(probe(port, "/livez", count=count)),
                "/livez, a new one each": asyncio.run(probe(port, "/livez", count=count, keeps=False)),
                "/readyz, 1,000 a second": asyncio.run(probe(port, "/readyz", count=count, pause=1 / PROBES_A_SECOND)),
            }
            doctor["both hang"] = asyncio.run(examined(shop.environment))
    return waits, doctor


def main() -> int:
    """Measures, prints, and says by its exit code whether the goals are met."""
    options = argparse.ArgumentParser()
    options.add_argument("--quick", action="store_true")
    with tempfile.TemporaryDirectory() as folder:
        waits, doctor = measured(1000 if options.parse_args().quick else 5000, folder)
    to = Console()
    table = Table("while PostgreSQL and Valkey hang", "answers", "goal")
    met = []
    for name, seen in waits.items():
        goal = GOAL_READYZ_MS if "readyz" in name else GOAL_LIVEZ_MS
        met.append(seen.p99 <= goal)
        table.add_row(name, f"{seen} ({', '.join(map(str, sorted(seen.codes)))})", f"p99 at most {goal:g} ms")
    to.print(table)
    for case, (seconds, status) in doctor.items():
        goal = GOAL_HEALTHY_SECONDS if case == "healthy" else GOAL_HUNG_SECONDS
        met.append(seconds <= goal)
        to.print(f"The doctor, {case}: {seconds:.2f} s, {status} (goal: at most {goal:g} s; its start is extra)")
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
