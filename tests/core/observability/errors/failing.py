"""Failures to be gathered, raised for real."""

from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

from threadly.core.observability.errors import ErrorSettings, Noise, Receiver, Report, Rule, Tracker

REFUSED = Rule("refused", "threadly.core.errors.Problem", statuses=range(400, 500))


class Told:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.reports: list[Report] = []

    def take(self, report: Report) -> None:
        """Takes it."""
        self.reports.append(report)


def tracker(*receivers: Receiver, rules: Sequence[Rule] = (REFUSED,), **settings: Any) -> Tracker:  # noqa: ANN401
    """One that knows what stands in `shop` as its own."""
    noise = Noise(rules, serious=("shop.payments", "threadly.core.auth", "threadly.core.database"))
    return Tracker(
        ErrorSettings(**settings), noise=noise, own=("shop",), release="1.2", process="web 1", receivers=receivers
    )


def raised(failure: BaseException) -> BaseException:
    """The same, with a traceback."""
    return caught(_raise, failure)


def raised_in(module: str, failure: BaseException, *, deep: int = 1, function: str = "sell") -> BaseException:
    """The same, raised by a function of this module."""
    space = ModuleType(module).__dict__
    exec(f"def {function}(failure, deep):\n if deep: {function}(failure, deep - 1)\n raise failure", space)
    return caught(space[function], failure, deep)


def caught(function: Callable[..., object], *arguments: object) -> BaseException:
    """What this raises."""
    try:
        function(*arguments)
    except BaseException as failure:  # noqa: BLE001
        return failure
    raise AssertionError("it raised nothing")


def _raise(failure: BaseException) -> None:
    raise failure
