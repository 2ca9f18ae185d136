"""Sets logging up, once in a process, by whoever runs it: a command, a worker, a test.

Until then structlog prints, as it does by itself; nothing is set up by an import.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any, ClassVar, Final

import structlog
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import REGISTRY, Collector, CollectorRegistry

from threadly.core.observability.context import current
from threadly.core.observability.crumbs import note
from threadly.core.observability.failures import exception_of, name_of
from threadly.core.observability.logs.as_text import AsText
from threadly.core.observability.logs.lines import AsJson, Form, line_of
from threadly.core.observability.logs.logger import Named, at_least
from threadly.core.observability.logs.outlets import File, Stream
from threadly.core.observability.logs.repeats import Repeats
from threadly.core.observability.logs.settings import LogSettings
from threadly.core.observability.logs.sink import CLOSE, Outlet, Sink
from threadly.core.observability.logs.standard import take_over

_OF_REQUESTS: Final = frozenset({"threadly.core.observability.middleware"})
"""Loggers whose lines end a request: alike, but no repeats; numbers alone; and nothing that came before a failure."""
_URGENT: Final = frozenset({"warning", "error", "critical"})
_OWN: Final = __name__.rpartition(".")[0]
_chain: Final[list[Any]] = []  # one list for good: loggers that were used before keep it


class LogNotWritable(RuntimeError):
    """The file that is to have the lines cannot be opened: nothing that goes wrong from here on would be told."""

    code: ClassVar[str] = "log_not_writable"

    def __init__(self, file: Path, why: str) -> None:
        super().__init__(f"The log cannot be written to {file}: {why}.")


class Logs(Collector):
    """The logging of this process; it counts what was lost or could not be written, for whoever scrapes it."""

    def __init__(self, settings: LogSettings, form: Form, outlet: Outlet) -> None:
        self.is_text = isinstance(form, AsText)
        """Whether they are for people; or else for programs."""
        self._form = form
        self._quickly = form.quickly if isinstance(form, AsJson) else None
        self._repeats = Repeats(settings.repeats_per_second)
        self._sink = Sink(outlet, queue_bytes=settings.queue_bytes, told=self._from_time_to_time)

    def __call__(self, logger: Named, level: str, fields: dict[str, Any]) -> str:
        """structlog's last processor."""
        failure = exception_of(fields.pop("exc_info")) if "exc_info" in fields else None
        event = fields["event"]
        self.tell(logger.name, level, fields, failure, event if type(event) is str else "")
        return ""

    def tell(self, logger: str, level: str, fields: dict[str, Any], failure: BaseException | None, event: str) -> None:
        """Hands a line over; never raises. `event` is what makes lines alike: of those that are, some are counted."""
        try:
            work = current()
            ends_a_request = logger in _OF_REQUESTS
            if work is not None and not ends_a_request:
                note(work, logger, level, event)
            if ends_a_request or self._repeats.admits(
                (logger, level, event, name_of(failure) if failure else ""), monotonic()
            ):
                line = None
                if failure is None and self._quickly is not None:
                    line = self._quickly(logger, level, fields, work, is_ordinary=ends_a_request)
                line = line or line_of(self._form, logger, level, fields, failure)
                self._sink.put(line, level in _URGENT)
        except Exception:  # noqa: BLE001  whatever is wrong with what is told, the program has better things to do
            self._sink.dropped += 1

    @property
    def dropped(self) -> int:
        """Lines that found no room, or no reader, since the process began."""
        return self._sink.dropped

    def close(self, within: timedelta = CLOSE) -> None:
        """Writes what waits, for so long at most. What is logged later is written as well, if time allows."""
        self._sink.close(within)

    def collect(self) -> Iterator[CounterMetricFamily]:
        """The number of lines that were lost, and of attempts to write them that failed."""
        yield CounterMetricFamily(
            "threadly_log_lines_dropped", "Log lines that found no room or no reader.", value=self.dropped
        )
        yield CounterMetricFamily(
            "threadly_log_write_failures",
            "Attempts to write the log that failed, each to be made again.",
            value=self._sink.failures,
        )

    def _from_time_to_time(self, dropped: int) -> Iterator[bytes]:
        for line, count in self._repeats.untold():
            event = f"{line.event or 'Of many different events'}: and {count:,} more like it in the last seconds."
            fields = {"event": event, "repeated": count, **({"failure": line.failure} if line.failure else {})}
            yield line_of(self._form, line.logger, line.level, fields, None)
        if dropped:
            fields = {"event": "Log lines were lost: there was no room for them.", "dropped": dropped}
            yield line_of(self._form, _OWN, "warning", fields, None)


def set_up_logs(
    settings: LogSettings,
    *,
    always: Mapping[str, str | int] | None = None,
    registry: CollectorRegistry | None = REGISTRY,
    json: bool = False,
) -> Logs:
    """Logging as it is set, from now on: structlog's, the standard library's, and warnings.

    Args:
        always: Stands in every line of JSON, beside `pid`: which worker this is, which release.
        json: Whether `auto` is JSON even at a terminal.

    Raises:
        LogNotWritable: The file cannot be opened.
    """
    colours = settings.file is None and sys.stdout is not None and sys.stdout.isatty()
    is_text = settings.form == "text" or (settings.form == "auto" and colours and not json)
    form: Form = AsText(colours=colours) if is_text else AsJson({"pid": os.getpid(), **(always or {})})
    logs = Logs(settings, form, _outlet(settings))
    for before in _chain:
        before.close()
        if registry is not None:
            with suppress(KeyError):
                registry.unregister(before)
    _chain[:] = [logs]
    structlog.configure(
        processors=_chain,
        wrapper_class=at_least(settings.level),
        context_class=dict,
        logger_factory=Named,
        cache_logger_on_first_use=True,
    )
    take_over(logs.tell, least=settings.level)
    if registry is not None:
        registry.register(logs)
    return logs


def _outlet(settings: LogSettings) -> Outlet:
    if settings.file is None:
        return Stream(_standard_output())
    file = File(settings.file, most_bytes=settings.file_bytes, longest=settings.file_age, kept=settings.files_kept)
    try:
        file.open()
    except OSError as refusal:
        raise LogNotWritable(settings.file, refusal.strerror or str(refusal)) from None
    return file


def _standard_output() -> int:
    try:
        return sys.stdout.fileno()
    except (OSError, ValueError, AttributeError):  # somebody has put something else in its place, or nothing
        return 1
