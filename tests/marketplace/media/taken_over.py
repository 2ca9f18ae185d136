"""The decoder's program, whose loaders are in a stranger's hands: a picture is the name of what they do.

Run as the program is, with its plan. What it found is told as the placeholder's place is: by how it refuses.
"""

import errno
import json
import os
import resource
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from threadly.core import seccomp
from threadly.marketplace.media import decoder

KEPT: list[bytes] = []
BEHIND: list[Callable[[BinaryIO], object]] = []
"""What is done behind the next answer."""
own, own_answer = decoder.decoded, decoder._answer


def connect() -> None:
    """Tells somebody."""
    socket.socket(socket.AF_INET, socket.SOCK_STREAM).connect(("127.0.0.1", 9))


def fork() -> None:
    """Becomes two."""
    if os.fork() == 0:
        os._exit(0)


def spin() -> None:
    """Uses the processor, for ever."""
    while True:
        pass


def nonsense() -> None:
    """Answers what no decoder does."""
    os.write(3, b"nonsense")
    os._exit(0)


def grow() -> None:
    """Takes memory, for ever."""
    while True:
        KEPT.append(b"x" * (1 << 22))


def more_time() -> None:
    """Puts its own end off."""
    try:
        resource.setrlimit(resource.RLIMIT_CPU, resource.getrlimit(resource.RLIMIT_CPU)[1:] * 2)
    except ValueError:  # the module's word for it
        raise PermissionError(errno.EPERM, "") from None


def many_threads() -> None:
    """Leaves more behind than any picture takes."""
    for _ in range(100):
        threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()


def many_threads_for_long() -> None:
    """Holds them for as long as a picture may take."""
    many_threads()
    time.sleep(1000)


def spin_unheeding() -> None:
    """Uses the processor, and is told in vain that its time is over."""
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    spin()


def spin_unreached() -> None:
    """The same, and is not told."""
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGXCPU])
    spin()


def go_on() -> None:
    """Wakes itself wherever it is stopped."""
    signal.pthread_kill(threading.get_ident(), signal.SIGCONT)


def go_on_for_ever() -> None:
    """Tries to, all the time."""
    while True:
        with suppress(OSError):
            go_on()


def exit_when_woken() -> None:
    """Ends over what somebody else asks."""
    time.sleep(0.05)
    os._exit(0)


def more(answers: BinaryIO) -> None:
    """Answers what nobody has asked yet."""
    own_answer(answers, {"refused": "unknown"}, [])


ATTEMPTS: dict[bytes, Callable[[], object]] = {
    b"connect": connect,
    b"listen": lambda: socket.socket(socket.AF_UNIX).bind("\0threadly"),
    b"program": lambda: os.execv("/bin/true", ["true"]),
    b"fork": fork,
    b"spawn": lambda: os.posix_spawn("/bin/true", ["true"], {}),
    b"write": lambda: Path("evil.txt").write_text("here I was"),
    b"write in tmp": lambda: Path("/tmp/threadly-evil.txt").write_text("here I was"),
    b"read": lambda: Path("/etc/passwd").read_text(),
    b"read our memory": lambda: Path(f"/proc/{os.getppid()}/environ").read_bytes(),
    b"kill": lambda: os.kill(os.getppid(), 9),
    b"duplicate": lambda: os.dup(1),
    b"pipe": os.pipe,
    b"spin": spin,
    b"spin behind the answer": lambda: threading.Thread(target=spin, daemon=True).start(),
    b"spin, and ignore its end": spin_unheeding,
    b"spin, and block its end": spin_unreached,
    b"go on": go_on,
    b"go on behind the answer": lambda: threading.Thread(target=go_on_for_ever, daemon=True).start(),
    b"exit behind the answer": lambda: BEHIND.append(lambda _: os._exit(0)),
    b"exit when woken": lambda: threading.Thread(target=exit_when_woken, daemon=True).start(),
    b"answer twice": lambda: BEHIND.append(more),
    b"more time": more_time,
    b"many threads": many_threads,
    b"many threads for long": many_threads_for_long,
    b"sleep": lambda: time.sleep(1000),
    b"grow": grow,
    b"crash": os.abort,
    b"say nonsense": nonsense,
}


def decoded(picture: bytes, plan: decoder.Plan) -> tuple[dict[str, Any], list[bytes]]:
    """Does what the picture names; and then what the program does."""
    if attempt := ATTEMPTS.get(picture):
        try:
            attempt()
        except OSError as refusal:
            raise decoder.Refused(f"errno {refusal.errno}") from None
        raise decoder.Refused("done")
    return own(picture, plan)


def answer(answers: BinaryIO, head: dict[str, Any], files: list[bytes]) -> None:
    """Answers, and does what is to be done then."""
    own_answer(answers, head, files)
    while BEHIND:
        BEHIND.pop()(answers)


if __name__ == "__main__":
    if "NO_FILTER" in os.environ:
        seccomp.lack = lambda: "the test wants none"
    decoder.decoded, decoder._answer = decoded, answer
    sys.exit(decoder.main(json.loads(sys.argv[1])))
