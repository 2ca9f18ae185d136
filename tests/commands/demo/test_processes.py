"""Who is below us, and who still lives."""

import signal

from tests.processes import children, program
from threadly.commands.demo.processes import descendants, still_alive


def test_processes_below_are_found_at_any_depth_and_told_apart_from_the_dead() -> None:
    with program("tests.served_app", "app", "0", "1", "1") as server:
        server.line("http://")
        below_us = descendants()
        assert {server.pid, *children(server.pid)} <= {process.pid for process in below_us}
        ours = frozenset(process for process in below_us if process.pid in {server.pid, *children(server.pid)})
        assert set(still_alive(ours)) == ours
        server.told(signal.SIGTERM, within=5)
        assert still_alive(ours) == []
