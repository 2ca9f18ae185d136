"""The one error tree: whatever a caller can do about a failure is in its type.

    Problem                     500  internal_error
    ├─ Invalid                  400  the request itself is wrong
    ├─ Unauthenticated          401  nobody is signed in
    ├─ Forbidden                403  somebody is, and may not
    ├─ NotFound                 404  no such thing, or none that the caller may see
    ├─ MethodNotAllowed         405  the thing exists, and does not answer to this verb
    ├─ TooSlow                  408  not all of it came in time
    ├─ Conflict                 409  the world has moved on since the caller looked
    ├─ TooLarge                 413  more than is accepted
    ├─ UnsupportedMediaType     415  of a kind that is not read here
    ├─ Unprocessable            422  well-formed, and against a rule
    │  └─ FieldsRefused         422  some fields are; which, and why, field by field
    ├─ TooManyRequests          429  slower, please
    └─ Unavailable              503  a dependency or we are overloaded; try again later

The kind gives the status, the class a stable `code`. `title` is a sentence for people and the key of
its translations. `facts` are structured and never secret: every face may print them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from threadly.core.words import Words


class Problem(Exception):
    """Something went wrong that a face knows how to say.

    Args:
        detail: What is particular to this occurrence, in a sentence; never a secret, never a stack. If `words(…)`
            marks it, `{names}` in it stand for facts, and it can be read in every language.
        facts: Structured particulars, rendered beside `code` in JSON.
    """

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"
    title: ClassVar[str] = "Something went wrong on our side."

    def __init__(self, detail: str | None = None, **facts: object) -> None:
        self.words: Words | None = detail if isinstance(detail, Words) else None
        self.detail = detail if self.words is None else str(self.words.format_map(facts))
        self.facts = facts
        super().__init__(self.detail or self.title)

    @property
    def retry_after_seconds(self) -> int | None:
        """When trying again makes sense, in seconds; None where it does not or nobody knows."""
        return None


class Invalid(Problem):
    """The request itself is wrong: a type, a name, a form."""

    status = 400
    code = "invalid_request"
    title = "We could not read this request."


class Unauthenticated(Problem):
    """Nobody is signed in where somebody must be."""

    status = 401
    code = "unauthenticated"
    title = "Please sign in first."


class Forbidden(Problem):
    """Somebody is signed in and may not do this."""

    status = 403
    code = "forbidden"
    title = "You may not do this."


class NotFound(Problem):
    """No such thing, or none that the caller may know of."""

    status = 404
    code = "not_found"
    title = "There is nothing here."


class MethodNotAllowed(Problem):
    """The thing exists, and does not answer to this verb."""

    status = 405
    code = "method_not_allowed"
    title = "This address does not answer to that method."


class TooSlow(Problem):
    """The request began, and the rest of it did not come in time."""

    status = 408
    code = "too_slow"
    title = "The rest of this did not arrive in time. Please try again."


class Conflict(Problem):
    """The world has moved on since the caller looked."""

    status = 409
    code = "conflict"
    title = "Something changed in the meantime."


class TooLarge(Problem):
    """More bytes than are accepted here."""

    status = 413
    code = "too_large"
    title = "This is larger than we accept."


class UnsupportedMediaType(Problem):
    """The body is of a media type that is not read here."""

    status = 415
    code = "media_type_unsupported"
    title = "We do not read bodies of this kind here."


class Unprocessable(Problem):
    """Well-formed, and against a rule."""

    status = 422
    code = "unprocessable"
    title = "This breaks a rule."


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one field cannot be taken."""

    code: str
    """Stable, for programs: `title_too_short`."""
    message: str
    """A sentence for people, with `{names}` where `values` go; the key of its translations."""
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return str(self.message.format_map(self.values))


class FieldsRefused(Unprocessable):
    """Some fields break a rule. All that do are named at once, each with the first rule that it breaks."""

    code = "fields_refused"
    title = "Some of this cannot be taken as it is."

    def __init__(
        self, detail: str | None = None, *, refusals: Mapping[str, Refusal] | None = None, **facts: object
    ) -> None:
        self.refusals: Mapping[str, Refusal] = refusals or {}
        told = {name: {"code": refusal.code, "message": str(refusal)} for name, refusal in self.refusals.items()}
        super().__init__(detail, **({"fields": told} if told else {}), **facts)


class TooManyRequests(Problem):
    """Faster than is fair to everybody else."""

    status = 429
    code = "too_many_requests"
    title = "That was a little fast. Please wait a moment."


class Unavailable(Problem):
    """A dependency does not answer in time, or we are overloaded. Trying again later may help."""

    status = 503
    code = "unavailable"
    title = "We cannot answer right now. Please try again in a moment."

    @property
    def retry_after_seconds(self) -> int | None:
        return 1


def kind_of(status: int) -> type[Problem]:
    """The plainest problem for an HTTP status, for failures that have no class of ours."""
    for kind in Problem.__subclasses__():
        if kind.status == status:
            return kind
    return Invalid if 400 <= status < 500 else Problem


def every_problem() -> Iterator[type[Problem]]:
    """All classes of the tree that have been imported so far, parents first."""
    waiting: list[type[Problem]] = [Problem]
    while waiting:
        kind = waiting.pop(0)
        yield kind
        waiting.extend(kind.__subclasses__())
