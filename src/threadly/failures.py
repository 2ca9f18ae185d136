"""What a failure is told as, whichever face tells it: the problem that it is, and the headers that go with it."""

from litestar.exceptions import HTTPException

from threadly.core.errors import Problem, kind_of


def problem_of(failure: Exception) -> Problem:
    """What to tell about a failure: itself if it is a `Problem`, its kind if it is the framework's, else nothing."""
    if isinstance(failure, Problem):
        return failure
    status = failure.status_code if isinstance(failure, HTTPException) else Problem.status
    return kind_of(status)()


def headers_of(failure: Exception) -> dict[str, str]:
    """That no cache keeps it, when trying again makes sense, and which methods would have been allowed."""
    headers = {"cache-control": "no-store"}
    if (seconds := problem_of(failure).retry_after_seconds) is not None:
        headers["retry-after"] = str(seconds)
    allowed = failure.headers.get("allow") if isinstance(failure, HTTPException) and failure.headers else None
    if allowed is not None:
        headers["allow"] = ", ".join(sorted(allowed.split(", ")))
    return headers
