"""Which failures are no news: those that were foreseen, and answered. By type and by origin, never by what they say.

    Rule("refused", "threadly.core.errors.Problem", statuses=range(400, 500))
    Rule("client_left", "builtins.ConnectionResetError", origin="granian")

Guaranteed: what is serious is never noise, whatever a rule says: a failure of a serious type or package, one that was
raised in such a package, and one that has such a failure among its causes. More causes than are looked at are taken
for serious. A rule is plain data, names what it means by dotted names, and so imports nothing.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Final

_MOST_CAUSES: Final = 64
_MOST_KINDS: Final = 1024


@dataclass(frozen=True, slots=True)
class Rule:
    """Failures of a class and of those below it that are no news."""

    reason: str
    """What they are counted as: `a_few_words`."""
    kind: str
    """The class: `package.module.Name`."""
    statuses: range | None = None
    """Only if its `status` or `status_code` is one of these."""
    origin: str | None = None
    """Only if it was raised by a module of this package."""


class Noise:
    """Decides.

    Args:
        serious: Classes, modules and packages whose failures are always news.
    """

    def __init__(self, rules: Sequence[Rule], *, serious: Sequence[str] = ()) -> None:
        self._rules = rules
        self._serious = tuple(serious)
        self._matching: dict[type, tuple[Rule, ...]] = {}

    def reason(self, failure: BaseException, origin: str) -> str | None:
        """Why this failure is no news; None: it is.

        Args:
            origin: The module that raised it.
        """
        rules = self._matching.get(type(failure))
        if rules is None:
            rules = self._of(type(failure))
        for rule in rules:
            if _meets(rule, failure, origin):
                return None if is_within(origin, self._serious) or self._hides_something(failure) else rule.reason
        return None

    def is_of_a_serious_kind(self, kind: type[BaseException]) -> bool:
        """Whether failures of this class are always news, wherever they are raised."""
        return any(is_within(_dotted(each), self._serious) for each in kind.__mro__)

    def _of(self, kind: type[BaseException]) -> tuple[Rule, ...]:
        """The rules for a class: none, if it is serious."""
        names = {_dotted(each) for each in kind.__mro__}
        found = () if self.is_of_a_serious_kind(kind) else tuple(rule for rule in self._rules if rule.kind in names)
        if len(self._matching) >= _MOST_KINDS:
            self._matching.clear()
        self._matching[kind] = found
        return found

    def _hides_something(self, failure: BaseException) -> bool:
        """Whether something serious is below it, or may be, where nobody looks any more."""
        looked = 0
        for each in below(failure, most=_MOST_CAUSES, also_hidden=True):
            looked += 1
            if self.is_of_a_serious_kind(type(each)) or is_within(_raised_by(each.__traceback__), self._serious):
                return True
        return looked >= _MOST_CAUSES


def is_within(name: str, packages: Sequence[str]) -> bool:
    """Whether a dotted name is one of these, or stands inside of one."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def below(failure: BaseException, *, most: int, also_hidden: bool = False) -> Iterator[BaseException]:
    """What it was raised from, or while what was handled; and if it is a group, its members. Each once.

    Args:
        also_hidden: And what was being handled where it was raised `from` something else, or from nothing.
    """
    waiting, seen = deque(_next(failure, also_hidden=also_hidden)), {id(failure)}
    while waiting and len(seen) <= most:
        each = waiting.popleft()
        if id(each) not in seen:
            seen.add(id(each))
            yield each
            waiting += _next(each, also_hidden=also_hidden)


def _next(failure: BaseException, *, also_hidden: bool) -> Iterator[BaseException]:
    if isinstance(failure, BaseExceptionGroup):
        yield from failure.exceptions
    if failure.__cause__ is not None:
        yield failure.__cause__
    if failure.__context__ is not None and (also_hidden or not failure.__suppress_context__):
        yield failure.__context__


def _raised_by(traceback: TracebackType | None) -> str:
    """The module at its innermost end."""
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    return "" if traceback is None else str(traceback.tb_frame.f_globals.get("__name__", ""))


def _meets(rule: Rule, failure: BaseException, origin: str) -> bool:
    if rule.statuses is not None and status_of(failure) not in rule.statuses:
        return False
    return rule.origin is None or is_within(origin, (rule.origin,))


def status_of(failure: BaseException) -> object:
    """The status that it would be answered with; None where it has none, or none that can be read."""
    try:
        return getattr(failure, "status", None) or getattr(failure, "status_code", None)
    except Exception:  # noqa: BLE001  whoever judges a failure must not meet another
        return None


def _dotted(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"
