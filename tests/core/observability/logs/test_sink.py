"""Who logs never waits for who reads; what is lost is counted and told."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from datetime import timedelta

import pytest

from tests.processes import eventually
from threadly.core.observability.logs.sink import Gone, Sink


class Paper:
    """An outlet that keeps what it is given, while it may."""

    def __init__(self) -> None:
        self.written = b""
        self.trouble: Exception | None = None
        self.free = threading.Event()
        self.free.set()
        self.closed = False

    def write(self, lines: bytes) -> int:
        self.free.wait()
        if self.trouble is not None:
            raise self.trouble
        part = lines[:1000]
        self.written += part
        return len(part)

    def close(self) -> None:
        self.closed = True


def _told(dropped: int) -> Iterable[bytes]:
    return [b"%d were dropped\n" % dropped] if dropped else []


@pytest.fixture
def paper() -> Paper:
    return Paper()


def _sink(paper: Paper, room: int = 1 << 16) -> Sink:
    return Sink(paper, queue_bytes=room, told=_told)


def test_lines_are_written_in_their_order_soon_and_at_the_end(paper: Paper) -> None:
    sink = _sink(paper)
    sink.put(b"0\n", urgent=False)
    eventually(lambda: paper.written == b"0\n", within=2, what="the line is written")
    for number in range(1, 1000):
        sink.put(b"%d\n" % number, urgent=False)
    sink.close()

    assert paper.written == b"".join(b"%d\n" % number for number in range(1000))
    assert paper.closed
    assert sink.dropped == 0


def test_a_reader_that_is_stuck_keeps_nobody_waiting_and_takes_no_more_room_than_was_given(paper: Paper) -> None:
    paper.free.clear()
    sink = _sink(paper, room=10_000)
    line = b"x" * 99 + b"\n"
    began = time.monotonic()
    for _ in range(10_000):
        sink.put(line, urgent=False)
    took = time.monotonic() - began

    assert took < 2
    assert sum(map(len, sink._lines)) <= 10_000
    assert sink.dropped >= 10_000 - 100

    dropped = sink.dropped
    paper.free.set()
    eventually(lambda: b"were dropped" in paper.written, within=5, what="it is told")
    assert b"%d were dropped\n" % dropped in paper.written
    sink.close()
    assert paper.written.count(b"x\n") == 10_000 - dropped


def test_the_last_room_is_for_warnings_and_errors(paper: Paper) -> None:
    paper.free.clear()
    sink = _sink(paper, room=8000)
    line = b"x" * 99 + b"\n"
    for _ in range(200):
        sink.put(line, urgent=False)
    dropped = sink.dropped
    for _ in range(5):
        sink.put(line, urgent=True)

    assert sink.dropped == dropped
    paper.free.set()
    sink.close()


def test_a_full_disk_is_waited_out_and_nothing_is_lost_that_fits(paper: Paper) -> None:
    paper.trouble = OSError(28, "No space left on device")
    sink = _sink(paper)
    for number in range(10):
        sink.put(b"%d\n" % number, urgent=False)
    time.sleep(0.05)
    paper.trouble = None

    eventually(lambda: paper.written.endswith(b"9\n"), within=5, what="they are written")
    assert sink.dropped == 0
    sink.close()


def test_that_nothing_can_be_written_is_counted_and_told_when_it_begins_and_when_it_ends(
    paper: Paper, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("threadly.core.observability.logs.sink._RETRY_SECONDS", 0.01)
    sink = _sink(paper)
    told = ""
    for _ in range(2):
        paper.written = b""
        paper.trouble = OSError(28, "No space left on device")
        sink.failures = 0
        sink.put(b"a\n")
        eventually(lambda: sink.failures >= 3, within=10, what="it is tried again")
        paper.trouble = None
        eventually(lambda: paper.written == b"a\n", within=10, what="the line is written")
        told += "The log cannot be written: OSError, No space left on device.\nThe log is written again.\n"
    sink.close()
    assert capfd.readouterr().err == told
    assert sink.dropped == 0


def test_what_nobody_will_ever_read_is_counted(paper: Paper) -> None:
    paper.trouble = Gone()
    sink = _sink(paper)
    for _ in range(10):
        sink.put(b"x\n", urgent=False)
    sink.close()

    assert sink.dropped == 10


def test_the_end_does_not_wait_for_a_reader_that_is_stuck(paper: Paper) -> None:
    paper.free.clear()
    sink = _sink(paper)
    sink.put(b"a\n", urgent=False)
    time.sleep(0.05)
    sink.put(b"b\n", urgent=False)
    began = time.monotonic()
    sink.close(within=timedelta(seconds=0.1))

    assert time.monotonic() - began < 1
    assert sink.dropped >= 1
    paper.free.set()


def test_lines_after_the_end_are_written_too(paper: Paper) -> None:
    sink = _sink(paper)
    sink.put(b"a\n", urgent=False)
    sink.close()
    sink.put(b"b\n", urgent=False)
    sink.close()

    assert paper.written == b"a\nb\n"


def test_several_threads_may_log(paper: Paper) -> None:
    sink = _sink(paper, room=1 << 20)

    def log() -> None:
        for _ in range(1000):
            sink.put(b"0123456789\n", urgent=False)

    threads = [threading.Thread(target=log) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sink.close()

    assert paper.written == b"0123456789\n" * 4000


def test_a_child_begins_with_nothing_of_its_parents(paper: Paper) -> None:
    paper.free.clear()
    sink = _sink(paper)
    sink.put(b"the parent's\n", urgent=False)
    child = os.fork()
    if child == 0:
        code = 1
        try:
            paper.free = threading.Event()
            paper.free.set()
            sink.put(b"the child's\n", urgent=False)
            sink.close()
            code = 0 if paper.written == b"the child's\n" else 2
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 0
    paper.free.set()
    sink.close()
    assert paper.written == b"the parent's\n"


class Broken:
    """An outlet with a defect."""

    def write(self, lines: bytes) -> int:
        raise OverflowError

    def close(self) -> None:
        """Nothing is open."""


def test_a_defect_of_what_is_written_to_is_cried_once_and_what_it_has_lost_is_counted(
    capfd: pytest.CaptureFixture[str],
) -> None:
    sink = Sink(Broken(), queue_bytes=1 << 16, told=lambda _: ())
    for _ in range(3):
        sink.put(b"line\n")
    sink.close()
    assert sink.dropped == 3
    assert capfd.readouterr().err == "The log cannot be written: OverflowError, a defect.\n"


LATE = """
import gc, os, sys
from threadly.core.observability.logs.sink import Sink


class Paper:
    def write(self, lines):
        return os.write(1, lines)

    def close(self):
        pass


sink = Sink(Paper(), queue_bytes=10_000, told=lambda _: ())
sink.put(b"in time\\n")


class Late:
    def __del__(self, sink=sink, tell=os.write, is_finalizing=sys.is_finalizing):
        sink.put(b"too late\\n")
        tell(1, b"ending: %d, dropped: %d" % (is_finalizing(), sink.dropped))


late = Late()
late.me = late
del late
gc.disable()
"""


def test_what_a_finaliser_logs_while_the_process_ends_keeps_it_from_nothing() -> None:
    ended = subprocess.run([sys.executable, "-c", LATE], capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stdout) == (0, "in time\nending: 1, dropped: 1")
