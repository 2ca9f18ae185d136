"""A process that ends with the one that holds its lifeline."""

import os
import signal
import subprocess
import sys
import time

import pytest

from tests.processes import ROOT

FOLLOWS = "import time; from threadly.serving import lifeline; lifeline.follow(grace_seconds=0.3); {}; time.sleep(60)"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True)"


@pytest.mark.parametrize(
    ("case", "code", "ended_with"),
    [("is told to end", "print('hears', flush=True)", -signal.SIGTERM), ("is ended if it does not listen", DEAF, 1)],
)
def test_who_follows_a_lifeline(case: str, code: str, ended_with: int) -> None:
    its_end, ours = os.pipe()
    with subprocess.Popen(
        [sys.executable, "-c", FOLLOWS.format(code)], stdin=its_end, stdout=subprocess.PIPE, cwd=ROOT
    ) as follower:
        os.close(its_end)
        assert follower.stdout is not None
        follower.stdout.readline()
        os.write(ours, b"still here")
        time.sleep(0.2)
        assert follower.poll() is None

        os.close(ours)

        assert follower.wait(timeout=3) == ended_with, case
