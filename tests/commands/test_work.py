"""`threadly work` as a process."""

import signal
from collections.abc import Mapping

from tests.processes import program


def test_work_runs_until_it_is_told_to_stop(migrated: Mapping[str, str]) -> None:
    with program("threadly", "work", environment=migrated) as worker:
        assert worker.line("A worker works.")
        code, seconds = worker.told(signal.SIGTERM, within=30)
    assert code == 0
    assert seconds < 15
    assert "Threadly has stopped." in worker.said[-1]
