"""A shop that loses a part."""

import os
import signal
import socket
from pathlib import Path

import httpx
import pytest

from tests.processes import Program, alive, below, children, eventually
from threadly.commands.demo.shop import Options, free_address
from threadly.embedded import DEFAULT_DATA
from threadly.serving import PortTaken


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


def test_pages_name_the_address_that_they_are_served_at_and_it_says_where_its_metrics_are(running: Program) -> None:
    url = next(word for line in running.said if "Shop" in line for word in line.split() if word.startswith("http"))
    text = httpx.get(f"{url}/").text

    assert f'<link rel="canonical" href="{url}/">' in text
    assert "localhost:" not in text

    url = next(word for line in running.said if "Metrics" in line for word in line.split() if word.startswith("http"))
    assert "threadly_process_resident_bytes" in httpx.get(url).text


def test_an_address_is_known_before_anything_is_started() -> None:
    any_free = free_address(0)
    assert any_free.port > 0
    with socket.create_server(("127.0.0.1", any_free.port)), pytest.raises(PortTaken):
        free_address(any_free.port)
    assert free_address(any_free.port) == any_free


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
