"""A shop that loses a part."""

import os
import signal
from pathlib import Path

import pytest

from tests.processes import Program, alive, below, children, eventually
from threadly.commands.demo.shop import Options
from threadly.embedded import DEFAULT_DATA


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


@pytest.mark.parametrize(
    ("case", "named", "checked"),
    [
        ("nothing", Options(), Options(ephemeral=True, port=0)),
        ("the usual folder", Options(data=DEFAULT_DATA), Options(data=DEFAULT_DATA, port=0)),
        ("a port", Options(port=8080), Options(ephemeral=True, port=8080)),
    ],
)
def test_a_check_takes_a_temporary_folder_and_a_free_port_unless_they_were_named(
    case: str, named: Options, checked: Options
) -> None:
    assert named.of_a_check() == checked, case
    assert named.folder == DEFAULT_DATA
