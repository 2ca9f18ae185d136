"""Those who run a shop hear how all of it does, and what to do."""

import json
from collections.abc import Mapping

from tests.commands.asking import ask
from tests.processes import eventually, program

SERVE = ("threadly", "serve", "--port", "0", "--workers", "2")


def test_without_valkey_the_shop_serves_and_those_who_run_it_hear_why_it_warns(migrated: Mapping[str, str]) -> None:
    environment = {**migrated, "REDIS_URL": "redis://:topsecret@127.0.0.1:1"}
    with program(*SERVE, environment=environment) as server:
        public = server.line("answers at").partition("answers at ")[2].partition(",")[0]
        private = server.line("Metrics at").split()[2].removesuffix("/metrics,")
        eventually(
            lambda: ask(f"{private}/health")[1]["checks"]["workers:reporting"][0]["observedValue"] == 2,
            within=10,
            what="both report",
        )
        status, said = ask(f"{private}/health")
        assert ask(f"{public}/readyz")[1]["checks"]["valkey"] == [{"status": "warn"}]
        assert ask(f"{public}/health")[0] == 404
        assert ask(f"{private}/livez") == (200, {"status": "pass"})
    assert (status, said["status"], said["description"]) == (200, "warn", "web worker")
    for seen in said["checks"]["valkey:responseTime"]:
        assert seen["status"] == "warn"
        assert "ConnectionError" in seen["output"]
        assert seen["runbook"] == "docs/runbooks/valkey.md"
    assert {seen["status"] for seen in said["checks"]["database:responseTime"]} == {"pass"}
    assert "topsecret" not in str(said)


def test_a_job_worker_tells_how_it_does(migrated: Mapping[str, str]) -> None:
    with program("threadly", "work", environment=migrated) as worker:
        private = json.loads(worker.line("are told"))["url"]
        worker.line("works.")
        status, said = ask(f"{private}/health")
    assert (status, said["description"]) == (200, "job worker")
    assert said["checks"]["database:migrations"][0]["status"] == "pass"
    assert "jobs:workers" not in said["checks"]
