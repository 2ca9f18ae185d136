"""Starts the parts of an application in the order of their needs, and closes them in reverse.

A part is a function: its name is the part's, its parameters name the parts that it needs, and it returns what others
are given. One that has something to close is an asynchronous generator, as a fixture of pytest is: it yields that once.

    async def db(settings: Settings) -> AsyncIterator[Database]:
        opened = Database(settings.database)
        yield opened
        await opened.close()

    ORDER = StartOrder(Services, db, cursors, given={"settings": Settings})

    async with ORDER.started(settings=settings) as services:
        ...

Guaranteed: a need that nobody meets, one of another type and parts that need each other in a circle are refused before
anything starts. If a part fails to start, or whoever waits is cancelled, those that had started are closed in reverse.
One that fails to close keeps no other from closing; all of it ends within `close_seconds`, and a part that hangs is
named in the log and left behind. Each part lives in a task of its own, so it may hold a task group or a timeout open.
Not guaranteed: an end for a part that blocks the event loop itself.
"""

import asyncio
import inspect
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final, Generic, TypeVar, get_args, get_type_hints

T = TypeVar("T")
WholeT = TypeVar("WholeT")

_log: Final = logging.getLogger(__name__)
_CLOSE_SECONDS: Final = 10.0


class StartOrderError(Exception):
    """The parts cannot be started in any order; the message says which, and why."""

    code = "start_order_invalid"


@dataclass(frozen=True, slots=True)
class Part:
    """One part, as its function declares it."""

    name: str
    needs: Mapping[str, object]
    """The type that it expects, by the name of the part."""
    gives: object
    """The type of what others are given."""
    start: Callable[..., Any]

    @property
    def closes(self) -> bool:
        """Whether it has something to close."""
        return inspect.isasyncgenfunction(self.start)

    @classmethod
    def of(cls, start: Callable[..., object]) -> "Part":
        """The part that a function or a class is."""
        named = get_type_hints(start.__init__ if isinstance(start, type) else start)  # type: ignore[misc]  # read only
        gives = start if isinstance(start, type) else named.get("return")
        if inspect.isasyncgenfunction(start):
            gives = next(iter(get_args(gives)), None)
        needs = {name: named.get(name) for name in inspect.signature(start).parameters}
        return cls(start.__name__.strip("_"), needs, gives, start)


class StartOrder(Generic[WholeT]):
    """Parts, in the order in which they start: as declared, but each behind what it needs.

    Args:
        whole: What the parts make together; usually a frozen dataclass whose fields are named for them.
        given: The types of what is there before anything starts, by name.
        close_seconds: How long closing may take in all. While others wait, a part may use half of what is left of it.

    Raises:
        StartOrderError: A need that nobody meets, or another type; a circle; a name that two parts have.
    """

    def __init__(
        self,
        whole: Callable[..., WholeT],
        *parts: Callable[..., object],
        given: Mapping[str, object] | None = None,
        close_seconds: float = _CLOSE_SECONDS,
    ) -> None:
        self._whole = Part.of(whole)
        self._given = dict(given or {})
        self._close_seconds = close_seconds
        self.parts: Sequence[Part] = tuple(_in_order(self._whole, [Part.of(part) for part in parts], self._given))

    def __str__(self) -> str:
        """`settings; db (settings); pictures (db, settings)`: each with what it needs, in the order of the start."""
        told = [f"{part.name} ({', '.join(part.needs)})" if part.needs else part.name for part in self.parts]
        return "; ".join([*self._given, *told])

    @asynccontextmanager
    async def started(self, **given: object) -> AsyncIterator[WholeT]:
        """The whole, until the block ends.

        Raises:
            ExceptionGroup: The block has ended well, and parts failed to close. Where something else had failed
                before, that is raised, with a note of these.
        """
        if given.keys() != self._given.keys():
            raise TypeError(f"expected {', '.join(self._given) or 'nothing'}; got {', '.join(given) or 'nothing'}")
        alive: list[_Alive] = []
        try:
            values = dict(given)
            for part in self.parts:
                values[part.name] = await _start(part, values, alive)
            yield self._whole.start(**{name: values[name] for name in self._whole.needs})
        except BaseException as failure:
            for error in await _undisturbed(_close(alive, self._close_seconds)):
                failure.add_note(f"{_noted(error)}: {type(error).__name__}: {error}")
            raise
        if errors := await _undisturbed(_close(alive, self._close_seconds)):
            raise ExceptionGroup("some parts failed to close", errors)


class _Alive:
    """A part with something to close, in a task that opens it, waits for its end and closes it."""

    def __init__(self, part: Part, needs: Mapping[str, object]) -> None:
        self.name = part.name
        self.opened: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        self.end = asyncio.Event()
        self.task = asyncio.create_task(self._live(part, needs), name=f"part {part.name}")

    async def _live(self, part: Part, needs: Mapping[str, object]) -> None:
        async with asynccontextmanager(part.start)(**needs) as value:
            self.opened.set_result(value)
            await self.end.wait()


async def _start(part: Part, values: Mapping[str, object], alive: list[_Alive]) -> object:
    needs = {name: values[name] for name in part.needs}
    if not part.closes:
        return part.start(**needs)
    starting = _Alive(part, needs)
    alive.append(starting)
    either: set[asyncio.Future[Any]] = {starting.task, starting.opened}
    await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    if not starting.opened.done():
        alive.remove(starting)
        starting.task.result()  # raises what kept it from starting
    return starting.opened.result()


async def _close(alive: Sequence[_Alive], seconds: float) -> list[Exception]:
    """Closes them in reverse; what each raised that failed to."""
    clock = asyncio.get_running_loop().time
    until = clock() + seconds
    errors: list[Exception] = []
    for number, part in reversed(list(enumerate(alive))):
        left = max(until - clock(), 0.0)
        if part.opened.done():
            part.end.set()
        else:  # still starting, when whoever waited for it was cancelled
            part.task.cancel()
        patience = left / 2 if number else left
        done, _ = await asyncio.wait({part.task}, timeout=patience)
        if not done:
            part.task.cancel()
            part.task.add_done_callback(_let_go)
            _log.warning("%s did not close within %.1f s, and was left behind.", part.name, patience)
        elif not part.task.cancelled() and isinstance(error := part.task.exception(), Exception):
            error.add_note(f"while {part.name} was closing")
            errors.append(error)
    return errors


def _let_go(task: asyncio.Task[None]) -> None:
    """What became of a part that nobody waits for any more must not be reported as forgotten."""
    if not task.cancelled():
        task.exception()


def _noted(error: Exception) -> str:
    return error.__notes__[-1]


async def _undisturbed(work: Coroutine[Any, Any, T]) -> T:
    """What the work returns, also when whoever waits for it is cancelled meanwhile; that is told behind it."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as told:
            cancelled = told
    if cancelled is not None:
        raise cancelled
    return task.result()


def _in_order(whole: Part, parts: Sequence[Part], given: Mapping[str, object]) -> Iterator[Part]:
    named = {part.name: part for part in parts}
    if len(named) < len(parts) or named.keys() & given.keys():
        names = [*given, *(part.name for part in parts)]
        raise StartOrderError(f"two parts are called {next(name for name in names if names.count(name) > 1)}")
    for part in (*parts, whole):
        _refuse_unmet(part, named, given)
    placed: set[str] = set()
    for part in parts:
        yield from _behind_needs(part, named, placed, above=())


def _refuse_unmet(part: Part, named: Mapping[str, Part], given: Mapping[str, object]) -> None:
    for need, wanted in part.needs.items():
        if need not in named and need not in given:
            nearest = get_close_matches(need, [*named, *given], n=1)
            hint = f"; did you mean {nearest[0]}?" if nearest else ""
            raise StartOrderError(f"{part.name} needs {need}, and there is no such part{hint}")
        offered = named[need].gives if need in named else given[need]
        if isinstance(wanted, type) and isinstance(offered, type) and not issubclass(offered, wanted):
            raise StartOrderError(f"{part.name} needs {need} as {wanted.__name__}, and it is {offered.__name__}")


def _behind_needs(part: Part, named: Mapping[str, Part], placed: set[str], above: tuple[str, ...]) -> Iterator[Part]:
    if part.name in above:
        circle = (*above[above.index(part.name) :], part.name)
        raise StartOrderError(f"parts need each other in a circle: {' → '.join(circle)}")
    if part.name not in placed:
        for need in part.needs:
            if need in named:
                yield from _behind_needs(named[need], named, placed, (*above, part.name))
        placed.add(part.name)
        yield part
