"""An installation to break: the real server, on engines of its own, each behind a proxy."""

import json
import os
import signal
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

from redis import Redis

from tests.faults.proxy import Proxy
from tests.processes import Program, below, children, eventually, program
from threadly.embedded import blocking_engines

MEMORY: Final = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
"""A disk takes seconds to bring a database back."""
_NOWHERE = Path("/nonexistent")
_PATIENCE = 20.0


class Engine:
    """PostgreSQL or Valkey with data that outlives it, reached through a proxy whose port stays the same."""

    def __init__(self, folder: Path) -> None:
        self.proxy = Proxy(_NOWHERE)
        self.folder = folder
        self.direct_url = ""
        """Past the proxy."""
        self._keeper = 0
        self._life = ExitStack()
        self._apart = ThreadPoolExecutor(1)  # whoever breaks it may have a loop that runs

    def start(self) -> None:
        """Runs until `stop`, or until it is killed."""
        others = children(os.getpid())
        self.direct_url = self._apart.submit(self._run).result()
        (self._keeper,) = (pid for pid in children(os.getpid()) if pid not in others)

    def stop(self) -> None:
        """Ends it, if it runs."""
        self._apart.submit(self._life.close).result()

    def _run(self) -> str:
        raise NotImplementedError

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """All its processes do nothing meanwhile (SIGSTOP)."""
        family = below(self._keeper)
        _send(signal.SIGSTOP, family)
        try:
            yield
        finally:
            _send(signal.SIGCONT, family)

    @contextmanager
    def killed(self) -> Iterator[None]:
        """All its processes are killed with -9; afterwards it is started again, and recovers."""
        _send(signal.SIGKILL, below(self._keeper))
        self.stop()
        try:
            yield
        finally:
            self.start()


class PostgreSQL(Engine):
    """The database."""

    @property
    def url(self) -> str:
        """Through the proxy."""
        direct = urlsplit(self.direct_url)
        return f"postgresql://{direct.username}:{direct.password}@127.0.0.1:{self.proxy.port}/threadly?sslmode=disable"

    def _run(self) -> str:
        running = self._life.enter_context(blocking_engines(self.folder, valkey=False))
        assert running.database_url is not None
        self.proxy.server = Path(urlsplit(running.database_url).query.removeprefix("host=")) / ".s.PGSQL.5432"
        return running.database_url


@contextmanager
def a_postgresql() -> Iterator[PostgreSQL]:
    """One that nobody else uses, for the length of the block."""
    with TemporaryDirectory(dir=MEMORY) as folder:
        postgresql = PostgreSQL(Path(folder))
        with postgresql.proxy.running():
            postgresql.start()
            try:
                yield postgresql
            finally:
                postgresql.stop()


class Valkey(Engine):
    """The cache."""

    password = "the same after each start"

    @property
    def url(self) -> str:
        """Through the proxy."""
        return f"redis://:{self.password.replace(' ', '%20')}@127.0.0.1:{self.proxy.port}/0"

    def _run(self) -> str:
        running = self._life.enter_context(blocking_engines(self.folder, postgres=False))
        assert running.cache_url is not None
        self.proxy.server = Path(urlsplit(running.cache_url).path)
        with Redis.from_url(running.cache_url) as valkey:
            valkey.config_set("requirepass", self.password)
        return running.cache_url


class Served:
    """The server, once it answers; what it says on standard output is kept.

    Args:
        log: The file that has what it says instead.
    """

    def __init__(self, server: Program, *, log: Path | None = None) -> None:
        def said(holding: str) -> str:
            return server.line(holding) if log is None else _line_of(log, holding)

        self.url = said("answers at").partition("answers at ")[2].partition(",")[0]
        self.private = said("Metrics at").partition("Metrics at ")[2].partition("/metrics,")[0]
        self.server = server
        self._hearing: threading.Thread | None = None

    def hear(self) -> None:
        """From now on, standard output is read: a server says more than a pipe takes."""
        self._hearing = threading.Thread(target=self._hear)
        self._hearing.start()

    @property
    def is_ready(self) -> bool:
        """Whether all its workers are."""
        try:
            with urlopen(f"{self.private}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def metrics(self) -> Mapping[str, float]:
        """Every sample, by name and labels."""
        with urlopen(f"{self.private}/metrics", timeout=5) as answer:
            lines = answer.read().decode().splitlines()
        pairs = (line.rpartition(" ") for line in lines if not line.startswith("#"))
        return {series: float(value) for series, _, value in pairs}

    def sum(self, family: str, *holding: str) -> float:
        """Of all series of a family whose labels hold these."""
        found = self.metrics().items()
        return sum(
            value for name, value in found if name.split("{")[0] == family and all(part in name for part in holding)
        )

    def health(self) -> Any:  # noqa: ANN401 - JSON
        """What `/health` tells of all workers."""
        try:
            with urlopen(f"{self.private}/health", timeout=5) as answer:
                return json.load(answer)
        except HTTPError as failing:
            return json.load(failing)

    def stop(self) -> tuple[int, bool]:
        """Its exit code after SIGTERM, and whether a process of it is left."""
        family = below(self.server.pid)
        self.server.process.terminate()
        code = self.server.process.wait(_PATIENCE)
        self.end()
        return code, any(Path(f"/proc/{pid}").exists() for pid in family)

    def end(self) -> None:
        """Kills what is left of it."""
        self.server.process.kill()
        self.server.process.wait()
        if self._hearing is not None:
            self._hearing.join()

    def _hear(self) -> None:
        assert self.server.process.stdout is not None
        self.server.said.extend(self.server.process.stdout)


@contextmanager
def serving(
    environment: Mapping[str, str],
    *,
    workers: int = 1,
    port: int = 0,
    log: Path | None = None,
    is_heard: bool = True,
    waits: bool = True,
) -> Iterator[Served]:
    """`threadly serve` for the length of the block.

    Args:
        log: The file that has what it says instead of standard output.
        is_heard: Whether anybody reads its standard output once it answers.
        waits: Whether to wait until it is ready.
    """
    arguments = ("threadly", "serve", "--port", str(port), "--workers", str(workers))
    with program(*arguments, environment=environment) as server:
        served = Served(server, log=log)
        if is_heard:
            served.hear()
        try:
            if waits:
                eventually(lambda: served.is_ready, within=_PATIENCE, what="it is ready")
            yield served
        finally:
            served.end()


def _line_of(log: Path, holding: str) -> str:
    def found() -> list[str]:
        return [line for line in log.read_text().splitlines() if holding in line] if log.exists() else []

    eventually(found, within=_PATIENCE, what=f"it says {holding!r}")
    return found()[-1]


def _send(number: signal.Signals, family: list[int]) -> None:
    for pid in family:
        with suppress(ProcessLookupError):  # those of a connection come and go
            os.kill(pid, number)
