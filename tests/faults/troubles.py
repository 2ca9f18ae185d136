"""What may happen to an engine, and to the way there."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final

from tests.faults.breakable import Engine
from tests.faults.proxy import Fault, Towards


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that happens to an engine for the length of a block."""

    name: str
    of: Callable[[Engine], AbstractContextManager[None]]
    is_harmless: bool = False
    """Whether all answers are right all the same."""


def _network(fault: Fault, *ways: Towards) -> Callable[[Engine], AbstractContextManager[None]]:
    return lambda engine: engine.proxy.suffering(fault, *ways)


TROUBLES: Final = (
    Trouble("stopped", Engine.frozen),
    Trouble("killed", Engine.killed),
    Trouble("down", lambda engine: engine.proxy.down()),
    Trouble("slow", _network(Fault(latency=0.003, jitter=0.006)), is_harmless=True),
    Trouble("too slow", _network(Fault(latency=0.9))),
    Trouble("black hole for questions", _network(Fault(holds=True), Towards.SERVER)),
    Trouble("black hole for answers", _network(Fault(holds=True), Towards.CLIENT)),
    Trouble("reset at the question", _network(Fault(resets=True), Towards.SERVER)),
    Trouble("reset at the answer", _network(Fault(resets=True), Towards.CLIENT)),
    Trouble("cut in the midst of a question", _network(Fault(cuts_after=30), Towards.SERVER)),
    Trouble("cut in the midst of an answer", _network(Fault(cuts_after=100), Towards.CLIENT)),
    Trouble("cut in the midst of a short answer", _network(Fault(cuts_after=3), Towards.CLIENT)),
    Trouble("tiny packets", _network(Fault(slices=200)), is_harmless=True),
)
