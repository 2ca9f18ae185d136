"""Failures as pages: what happened, in a sentence, and a way on.

Needs neither database nor cache, so it can also say that those are gone. Never shows a stack, a name of ours or a
secret: what nobody foresaw is told as the plainest `Problem`.
"""

from litestar.response.base import ASGIResponse

from threadly.core.observability import current
from threadly.core.security import HostUnknown
from threadly.core.security.limits import LimitReached
from threadly.failures import headers_of, problem_of
from threadly.web.assets import answer
from threadly.web.pages import HTML, AnyRequest
from threadly.web.redirects import again
from threadly.web.site import Site
from threadly.web.wording import wait


def problem_page(site: Site, request: AnyRequest, failure: Exception) -> ASGIResponse:
    """The page that tells of a failure, with its status. No cache keeps it."""
    problem = problem_of(failure)
    language = site.language(request)
    seconds = problem.retry_after_seconds if isinstance(problem, LimitReached) else None
    is_elsewhere = isinstance(problem, HostUnknown)
    text = site.pages.render(
        language,
        "problems/elsewhere.html" if is_elsewhere else "problems/problem.html",
        own_address="/",
        again=again(request),
        problem=problem,
        title=language.title(problem),
        detail=wait(language, seconds) if seconds is not None else language.detail(problem),
        request_id=None if (work := current()) is None else work.request_id,
        menu=site.departments.known_menu(language),
        actor=site.known_visitor(request),
        csrf_token=site.csrf_token(request),
        carries_session=site.carries_session(request),
    )
    return answer(text.encode(), HTML, headers_of(failure), head=request.method == "HEAD", status=problem.status)
