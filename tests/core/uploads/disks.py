"""Disks that take their time."""

import threading
from tempfile import TemporaryFile
from typing import IO

import pytest

from threadly.core.uploads import spool as spooling


class SlowDisk:
    """Opens files only when it is let go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked, self.go_on = threading.Event(), threading.Event()
        self.opened: list[IO[bytes]] = []
        monkeypatch.setattr(spooling, "TemporaryFile", self._open)

    def _open(self, *, buffering: int) -> IO[bytes]:
        self.asked.set()
        self.go_on.wait(10)
        self.opened.append(TemporaryFile(buffering=buffering))  # noqa: SIM115  the spool's to close
        return self.opened[-1]
