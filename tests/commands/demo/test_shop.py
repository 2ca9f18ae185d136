"""A shop that loses a part."""

import os
import signal
from pathlib import Path

from tests.processes import Program, alive, below, children, eventually


def test_the_end_of_a_part_ends_the_demo_with_1_and_the_reason(running: Program) -> None:
    family = below(running.pid)
    victim = next(pid for pid in children(running.pid) if b"\0serve\0" in _command(pid))
    os.kill(victim, signal.SIGKILL)
    code, said = running.finish(within=10)
    assert code == 1
    assert "The web server was ended by SIGKILL. The end of " in said
    assert "web.log:\n    Threadly answers at http://127.0.0.1:" in said
    eventually(lambda: not alive(family), within=5, what="everything has ended")


def _command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()
