"""The web server through signals at bad moments and every kill -9."""

import os
import signal
import threading
import time

import pytest

from tests.processes import alive, children, eventually, program
from tests.serving.asking import ask, served


@pytest.mark.parametrize(
    ("number", "after_seconds"),
    [*((signal.SIGTERM, seconds) for seconds in (0.1, 0.2, 0.3, 0.45, 0.6)), (signal.SIGINT, 0.3)],
)
def test_a_stop_before_all_workers_are_up_is_not_lost(number: signal.Signals, after_seconds: float) -> None:
    with program(*served(workers=3), environment={"STARTS_SLOWLY": "0.3"}) as server:
        time.sleep(after_seconds)
        workers = children(server.pid)
        _, seconds = server.told(number, within=4)
        assert seconds < 2
        assert alive(workers) == []


def test_a_worker_killed_with_9_is_replaced_and_the_others_answer_meanwhile() -> None:
    with program(*served(workers=2)) as server:
        url = server.line("http://")
        eventually(lambda: len({ask(url) for _ in range(10)}) == 2, within=5, what="both answer")
        victim, survivor = children(server.pid)

        os.kill(victim, signal.SIGKILL)

        assert "was ended by SIGKILL" in server.line("Worker")
        eventually(lambda: len({ask(url) for _ in range(10)}) == 2, within=5, what="two answer again")
        assert survivor in children(server.pid)
        assert victim not in children(server.pid)


def test_who_comes_while_the_only_worker_is_replaced_waits_and_is_answered() -> None:
    with program(*served(), environment={"STARTS_SLOWLY": "0.4"}) as server:
        url = server.line("http://")
        for _ in range(3):  # three deaths in quick succession do not end the server either
            (victim,) = children(server.pid)
            os.kill(victim, signal.SIGKILL)
            assert ask(url) != str(victim)
        assert server.process.poll() is None


def test_a_worker_told_to_end_by_somebody_else_is_replaced() -> None:
    with program(*served()) as server:
        url = server.line("http://")
        (worker,) = children(server.pid)
        os.kill(worker, signal.SIGTERM)
        assert "ended with 0" in server.line("Worker")
        assert ask(url) != str(worker)


def test_workers_end_within_two_seconds_when_the_server_is_killed_with_9() -> None:
    with program(*served(workers=2)) as server:
        url = server.line("http://")
        workers = children(server.pid)
        with_a_client = threading.Thread(target=_ask_in_vain, args=(url,))
        with_a_client.start()
        time.sleep(0.2)

        server.process.kill()

        assert eventually(lambda: not alive(workers), within=2, what="the workers have ended") < 2
        with_a_client.join()


def test_a_server_killed_with_9_while_it_starts_leaves_no_worker() -> None:
    with program(*served(workers=2), environment={"STARTS_SLOWLY": "30"}) as server:
        eventually(lambda: len(children(server.pid)) == 2, within=5, what="workers are starting")
        workers = children(server.pid)
        server.process.kill()
        eventually(lambda: not alive(workers), within=2, what="the workers have ended")


def test_a_worker_that_hangs_does_not_hold_up_the_end() -> None:
    with program(*served(workers=2, drain=1)) as server:
        server.line("http://")
        workers = children(server.pid)
        os.kill(workers[0], signal.SIGSTOP)
        code, seconds = server.told(signal.SIGTERM, within=5)
        assert (code, alive(workers)) == (0, [])
        assert seconds < 2


def test_the_port_is_free_again_at_once() -> None:
    with program(*served()) as first:
        url = first.line("http://")
        ask(url)
        first.told(signal.SIGTERM, within=3)
    with program(*served(port=int(url.rpartition(":")[2]))) as second:
        assert ask(second.line("http://"))


def _ask_in_vain(url: str) -> None:
    with pytest.raises(ConnectionError):
        ask(url, "/slow?60", seconds=10)
