"""`threadly demo`: its every end, and what it refuses."""

import signal
import socket
import stat
import time
from pathlib import Path

import pytest

from tests.processes import Program, alive, below, eventually, program


def test_ctrl_c_ends_everything_within_five_seconds(running: Program, data: Path) -> None:
    family = below(running.pid)
    assert len(family) > 6  # two keepers, two engines, web server, web worker, job worker

    with program("threadly", "demo", "--data", str(data), "--port", "0") as second:
        code, said = second.finish(within=120)
    assert code == 2
    assert f"is in use by process {running.pid}" in said

    code, seconds = running.told(signal.SIGINT, within=10)
    assert (code, alive(family)) == (0, [])
    assert seconds < 5
    assert f"Your shop waits in {data}" in running.said[-1]
    assert stat.S_IMODE((data / "secret").stat().st_mode) == 0o600


@pytest.mark.parametrize("after_seconds", [0.3, 1.5, 2.5])
def test_a_stop_while_it_starts_is_not_lost(after_seconds: float, data: Path) -> None:
    with program("threadly", "demo", "--data", str(data), "--port", "0", "--workers", "1") as demo:
        time.sleep(after_seconds)
        family = below(demo.pid)
        code, seconds = demo.told(signal.SIGTERM, within=10)
    assert code in {0, -signal.SIGTERM}
    assert seconds < 5
    eventually(lambda: not alive(family), within=5, what="everything has ended")


def test_a_demo_killed_with_9_leaves_no_process_and_starts_again(running: Program, data: Path) -> None:
    family = below(running.pid)
    running.process.kill()
    assert eventually(lambda: not alive(family), within=10, what="everything has ended") < 5


def test_a_port_that_was_asked_for_and_is_taken_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with program("threadly", "demo", "--data", str(tmp_path / "data"), "--port", str(port)) as demo:
            code, said = demo.finish(within=120)
    assert code == 2
    assert f"Port {port} of 127.0.0.1 is taken by another program." in said
    assert list(tmp_path.iterdir()) == []
