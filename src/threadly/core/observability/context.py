"""What a process is doing at the moment: which request, which trace, which job.

An application that has more to say declares it, as fields of a class of its own, and `Telemetry(…, work=ShopWork)`
begins each request by that:

    class ShopWork(Work, kw_only=True):
        order_id: str | None = None

Guaranteed: one context variable holds it, so reading costs about 70 ns; who began it sees what those inside have added,
since tasks begun inside share the object; it ends where it began. `structlog.contextvars` is not read, whose merging
costs each line 2 to 5 µs. Not guaranteed: that what is put here may be told. It is told as it is, so an id that
comes from outside is checked before.
"""

from contextvars import ContextVar
from types import TracebackType
from typing import Final, Self

import msgspec


class Work(msgspec.Struct, kw_only=True, omit_defaults=True, dict=True, eq=False):
    """One request, job or command; a context manager, inside which `current()` gives it.

    with Work(request_id=ids.new().hex, method="GET") as work:
        ...
        work.route = "/items/{id}"  # once it is known; every line from here on carries it
    """

    request_id: str | None = None
    """Ours, or what a trusted proxy calls the request."""
    trace_id: str | None = None
    """32 hexadecimal digits (W3C Trace Context)."""
    span_id: str | None = None
    """16 hexadecimal digits: the innermost span that is under way."""
    method: str | None = None
    route: str | None = None
    """The template, never the path: `/items/{id}`; so that what is counted by it stays bounded."""
    job: str | None = None
    """The name of the message that a worker handles."""
    job_id: int | None = None
    error: str | None = None
    """The kind of failure that it met, by which `/errors` tells more."""

    def __enter__(self) -> Self:
        vars(self)["before"] = _current.set(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, traceback: TracebackType | None
    ) -> None:
        _current.reset(vars(self).pop("before"))


_current: Final[ContextVar[Work | None]] = ContextVar("threadly_work", default=None)

current: Final = _current.get
"""The work that is under way here; None outside of any."""
