"""What failures of one kind have in common: the type, the innermost functions of ours, and the same of its causes.

Guaranteed: neither texts nor line numbers count, so a value in a message or an edited file makes no new kind; a walk
over thirty frames costs about two microseconds. Not guaranteed: that two faults in one function are told apart.
"""

from hashlib import blake2b
from types import CodeType, FrameType, TracebackType
from typing import Final, NamedTuple, TypeAlias

from threadly.core.observability.errors.noise import below, is_within
from threadly.core.observability.failures import name_of

_INNERMOST: Final = 3
_CAUSES: Final = 3
_MOST_CODE: Final = 4096

Key: TypeAlias = tuple[type[BaseException] | tuple[str, ...], ...]
"""A type and where, and so on for each cause."""


class Place(NamedTuple):
    """A function."""

    code: CodeType  # kept, so that its `id` stays its own
    module: str
    name: str
    is_own: bool


class Prints:
    """Takes them.

    Args:
        own: Packages that are ours; their functions tell kinds apart.
    """

    def __init__(self, own: tuple[str, ...]) -> None:
        self._own = own
        self._places: dict[int, Place] = {}

    def places(self, traceback: TracebackType | None) -> list[Place]:
        """The functions that it went through, innermost first, until enough of ours are found to know it by."""
        steps, found, own, known = [], [], 0, self._places
        while traceback is not None:
            steps.append(traceback)
            traceback = traceback.tb_next
        for step in reversed(steps):
            frame = step.tb_frame
            code = frame.f_code
            place = known.get(id(code))
            if place is None or place.code is not code:
                place = self._learn(frame)
            found.append(place)
            own += place.is_own
            if own == _INNERMOST:
                break
        return found

    def key(self, failure: BaseException, places: list[Place]) -> Key:
        """Of a failure that went through these places."""
        key: list[type[BaseException] | tuple[str, ...]] = [type(failure), _innermost(places)]
        if failure.__cause__ is not None or failure.__context__ is not None or isinstance(failure, BaseExceptionGroup):
            for cause in below(failure, most=_CAUSES):
                key += (type(cause), _innermost(self.places(cause.__traceback__)))
        return tuple(key)

    def _learn(self, frame: FrameType) -> Place:
        module = str(frame.f_globals.get("__name__", ""))
        code = frame.f_code
        place = Place(code, module, f"{module}:{code.co_qualname}", is_within(module, self._own))
        if len(self._places) >= _MOST_CODE:
            self._places.clear()
        self._places[id(code)] = place
        return place


def fingerprint(failure: BaseException, key: Key) -> str:
    """The same for each failure of a kind, in each process: 12 hexadecimal digits."""
    parts = [name_of(failure)]
    parts += [
        ",".join(part) if isinstance(part, tuple) else f"{part.__module__}.{part.__qualname__}" for part in key[1:]
    ]
    return blake2b("|".join(parts).encode(errors="replace"), digest_size=6).hexdigest()


def _innermost(places: list[Place]) -> tuple[str, ...]:
    """Of ours, or if none is: of all; the innermost last."""
    own = [place.name for place in places if place.is_own]
    return tuple(reversed(own or [place.name for place in places[:_INNERMOST]]))
