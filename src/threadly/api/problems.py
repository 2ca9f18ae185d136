"""Failures as JSON: RFC 9457 problem details, one renderer for everything that is under /api.

`type` is where the documentation tells of the code; `code` is what programs compare; facts stand beside it. Never a
stack, a name of ours or a secret: what nobody foresaw is told as the plainest `Problem`.
"""

from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from threadly.api.answers import Bytes
from threadly.core.errors import Problem, Unauthenticated
from threadly.core.observability import current
from threadly.failures import headers_of, problem_of

MEDIA_TYPE: Final = "application/problem+json"
DOCS: Final = "/api/v1/docs"


class ProblemOut(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What went wrong (RFC 9457). Compare `code`; show `title` and `detail` to people. More facts may stand beside."""

    type: Annotated[str, Meta(description="Where this kind of problem is described.")]
    title: Annotated[str, Meta(description="What happened, in a sentence for people; the same for each code.")]
    status: Annotated[int, Meta(ge=400, le=599, description="The HTTP status.")]
    code: Annotated[str, Meta(pattern="^[a-z][a-z0-9_]*$", description="What happened, for programs; never changes.")]
    detail: Annotated[str, Meta(description="What is particular to this case.")] | None = None
    request_id: Annotated[str, Meta(description="What we find this request by, if you ask us.")] | None = None


_RESERVED: Final = {"type", "title", "status", "code", "detail", "instance", "request_id"}
_encoder: Final = msgspec.json.Encoder(enc_hook=str)


def told(problem: Problem) -> dict[str, Any]:
    """The members of a problem's body."""
    body = ProblemOut(
        type=problem_type(type(problem)),
        title=problem.title,
        status=problem.status,
        code=problem.code,
        detail=problem.detail,
        request_id=None if (work := current()) is None else work.request_id,
    )
    facts = {name: fact for name, fact in problem.facts.items() if name not in _RESERVED}
    return {**msgspec.to_builtins(body), **facts}


def problem_type(kind: type[Problem]) -> str:
    """Where a kind of problem is described: a URI reference, stable."""
    return f"{DOCS}#{kind.code}"


def problem_answer(failure: Exception, *, head: bool = False) -> Bytes:
    """The answer that tells of a failure. No cache keeps it."""
    problem = problem_of(failure)
    headers = {"content-type": MEDIA_TYPE, **headers_of(failure)}
    if problem.status == Unauthenticated.status:
        headers["www-authenticate"] = "Bearer"
    return Bytes(problem.status, _encoder.encode(told(problem)), headers, head=head)
