"""Failures as pages: what happened, in a sentence, and a way on.

Needs neither database nor cache, so it can also say that those are gone. Never shows a stack, a name of ours or a
secret: what nobody foresaw is told as the plainest `Problem`.
"""

from typing import Final

from litestar.exceptions import HTTPException
from litestar.response.base import ASGIResponse

from threadly.core.errors import Problem, kind_of
from threadly.web.assets import answer
from threadly.web.pages import HTML, AnyRequest
from threadly.web.site import Site

NOT_KEPT: Final = "no-store"


def problem_of(failure: Exception) -> Problem:
    """What to tell about a failure: itself if it is a `Problem`, its kind if it is the framework's, else nothing."""
    if isinstance(failure, Problem):
        return failure
    status = failure.status_code if isinstance(failure, HTTPException) else Problem.status
    return kind_of(status)()


def problem_page(site: Site, request: AnyRequest, failure: Exception) -> ASGIResponse:
    """The page that tells of a failure, with its status. No cache keeps it."""
    problem = problem_of(failure)
    headers = {"cache-control": NOT_KEPT}
    if problem.retry_after_seconds is not None:
        headers["retry-after"] = str(problem.retry_after_seconds)
    allowed = failure.headers.get("allow") if isinstance(failure, HTTPException) and failure.headers else None
    if allowed is not None:
        headers["allow"] = ", ".join(sorted(allowed.split(", ")))
    language = site.language(request)
    text = site.pages.render(
        language,
        "problems/problem.html",
        own_address="/",
        problem=problem,
        title=language.title(problem),
        detail=language.detail(problem),
        menu=site.departments.known_menu(language),
        actor=site.known_visitor(request),
    )
    return answer(text.encode(), HTML, headers, head=request.method == "HEAD", status=problem.status)
