"""How commands speak: colours and moving bars for a person at a terminal, plain lines for a file or a pipe."""

import atexit
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from queue import Full, Queue
from typing import Final, Protocol

import structlog
from rich.console import Console, RenderableType
from rich.markup import escape
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table
from rich.text import Text

from threadly.core.observability import Logs

_log: Final = structlog.get_logger(__name__)
_WIDTH_WITHOUT_TERMINAL = 120
_NO_TASK = TaskID(0)
_BAR_WIDTH = 30
_QUARTERS = 4
_STANDARD_OUTPUT = 1
_MOST_UNREAD = 100
_FINISH_SECONDS = 1.0
_LOOK_SECONDS = 0.01


def console() -> Console:
    """Where to print; lines are not broken where nobody looks at their width."""
    plain = Console(highlight=False)
    return plain if plain.is_terminal else Console(highlight=False, width=_WIDTH_WITHOUT_TERMINAL, soft_wrap=True)


class Spoken(Protocol):
    """How a command that goes on running says what happens."""

    def print(self, sentence: str, /) -> None:
        """The sentence may have Rich's markup."""


class _ToLog:
    """Where programs read what a command says, its sentences are lines of the log among others."""

    def print(self, sentence: str, /) -> None:
        """What begins with an exclamation mark is a warning; what stands in further lines is a field of its own."""
        text, _, more = Text.from_markup(sentence).plain.partition("\n")
        tell = _log.warning if text.startswith("! ") else _log.info
        tell(text.removeprefix("! "), **({"detail": " ".join(more.split())} if more else {}))


class Beside:
    """Prints in a thread of its own: whoever says something never waits for whoever reads it.

    Args:
        descriptor: Where to; past Python's buffer, whose lock a reader who has stopped reading would hold for ever.
    """

    def __init__(self, to: Console, descriptor: int) -> None:
        self._to = to
        self._descriptor = descriptor
        self._said: Queue[str] = Queue(_MOST_UNREAD)
        threading.Thread(target=self._print, name="terminal", daemon=True).start()
        atexit.register(self._finish)

    def print(self, sentence: str) -> None:
        """What nobody has read so far may be too much; then this is not said."""
        with suppress(Full):
            self._said.put_nowait(sentence)

    def _print(self) -> None:
        while True:
            with self._to.capture() as written:
                self._to.print(self._said.get())
            left = written.get().encode()
            with suppress(OSError):  # nobody is there any more, or the disk is full
                while left:
                    left = left[os.write(self._descriptor, left) :]
            self._said.task_done()

    def _finish(self) -> None:
        until = time.monotonic() + _FINISH_SECONDS
        while self._said.unfinished_tasks and time.monotonic() < until:
            time.sleep(_LOOK_SECONDS)


def spoken(logs: Logs) -> Spoken:
    """For people, if that is how logs are written; or else among these. Neither waits for whoever reads."""
    return Beside(console(), _STANDARD_OUTPUT) if logs.is_text else _ToLog()


def counted(number: int, noun: str) -> str:
    """`1 listing`, `1,200 listings`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


@dataclass(slots=True)
class Step:
    """One thing under way."""

    title: str
    to: Console
    outcome: str = ""
    """Printed beside the title when it is done."""
    _progress: Progress | None = None
    _task: TaskID = _NO_TASK
    _doing: str = ""
    _quarter: int = 0

    def doing(self, what: str) -> None:
        """Says what it is doing now."""
        if what != self._doing:
            self._doing, self._quarter = what, 0
        if self._progress is not None:
            self._progress.update(self._task, doing=escape(what))

    def advance(self, done: int, total: int) -> None:
        """Shows how far it is: by a bar, or by a line every quarter of the way, the end included."""
        if self._progress is not None:
            self._progress.update(self._task, completed=done, total=total)
        elif self._quarter < (quarter := _QUARTERS * done // max(total, 1)):
            is_long, self._quarter = self._quarter > 0 or quarter < _QUARTERS, quarter
            if not is_long:  # done at once: the step's own line says enough
                return
            self.to.print(f"  {escape(self._doing)} {done:,} of {total:,}")

    def note(self, sentence: str) -> None:
        """Says something that whoever looks on should know."""
        self.to.print(f"  [yellow]![/] {escape(sentence)}")


@dataclass(slots=True)
class Steps:
    """Prints one line a step, with the time it took; while it lasts, what it does and how far it is."""

    to: Console = field(default_factory=console)

    def note(self, text: str) -> None:
        """Says beforehand that something takes long, where no bar shows it."""
        if not self.to.is_terminal:
            self.to.print(f"  {escape(text)}")

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """One step. One that fails leaves its line with a cross."""
        began = time.monotonic()
        step = Step(title, self.to)
        try:
            if self.to.is_terminal:
                with self._bar() as progress:
                    step._progress = progress  # noqa: SLF001  ours
                    step._task = progress.add_task(title, total=None, doing="")  # noqa: SLF001
                    yield step
            else:
                yield step
        except BaseException:
            self.to.print(f"[red]✗[/] {escape(title)}")
            raise
        seconds = f"{time.monotonic() - began:.1f} s"
        self.to.print(f"[green]✓[/] {title:<14} {escape(step.outcome)} [dim]{seconds}[/]")

    def _bar(self) -> Progress:
        return Progress(
            SpinnerColumn(),
            TextColumn("{task.description:<14}"),
            _HowFar(),
            TextColumn("[dim]{task.fields[doing]}[/]"),
            TimeElapsedColumn(),
            console=self.to,
            transient=True,
        )


class _HowFar(ProgressColumn):
    """A bar and `12 of 335` where the end is known; nothing where it is not."""

    def __init__(self) -> None:
        super().__init__()
        self._bar = BarColumn(bar_width=_BAR_WIDTH)

    def render(self, task: Task) -> RenderableType:
        """Called by the bar's owner, some times a second."""
        if task.total is None:
            return Text()
        row = Table.grid(padding=(0, 1))
        row.add_row(self._bar.render(task), f"{task.completed:,.0f} of {task.total:,.0f}")
        return row
