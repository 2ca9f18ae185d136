"""A process that ends with the one that started it, however suddenly that one ends.

The starter holds the other end of a pipe, usually that of our standard input. Its death closes the pipe, even by
kill -9, on every system; a thread of ours waits for that.
"""

import os
import signal
import threading
import time

STANDARD_INPUT = 0
OWNERLESS_SECONDS = 3.0
"""What a process has for its end, beyond what it waits for by its settings, once its owner is dead."""


def follow(descriptor: int = STANDARD_INPUT, *, grace_seconds: float) -> None:
    """From now on, the end of `descriptor` is a SIGTERM to this process and, after the grace, its end in any case."""
    threading.Thread(target=_follow, args=(descriptor, grace_seconds), name="lifeline", daemon=True).start()


def _follow(descriptor: int, grace_seconds: float) -> None:
    while os.read(descriptor, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(grace_seconds)
    os._exit(1)
