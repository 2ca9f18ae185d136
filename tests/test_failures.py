"""What failures are told as, whichever face tells them."""

import pytest
from litestar.exceptions import HTTPException, MethodNotAllowedException, PermissionDeniedException

from threadly.core.database import DatabaseUnavailable
from threadly.core.errors import Conflict, Forbidden, Invalid, MethodNotAllowed, Problem
from threadly.failures import headers_of, problem_of


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (Conflict(), Conflict),
        (MethodNotAllowedException(), MethodNotAllowed),
        (PermissionDeniedException(), Forbidden),
        (HTTPException(status_code=418), Invalid),
        (HTTPException(status_code=502), Problem),
        (RuntimeError("a secret"), Problem),
    ],
)
def test_each_failure_has_its_kind(failure: Exception, kind: type[Problem]) -> None:
    assert type(problem_of(failure)) is kind


def test_a_problem_is_told_as_itself() -> None:
    refusal = Invalid("x")
    assert problem_of(refusal) is refusal


@pytest.mark.parametrize(
    ("failure", "headers"),
    [
        (Conflict(), {}),
        (RuntimeError("a secret"), {}),
        (DatabaseUnavailable(), {"retry-after": "1"}),
        (MethodNotAllowedException(headers={"allow": "POST, GET"}), {"allow": "GET, POST"}),
        (HTTPException(status_code=404, headers={"x-secret": "a secret"}), {}),
    ],
)
def test_no_cache_keeps_a_failure_and_it_says_what_would_do(failure: Exception, headers: dict[str, str]) -> None:
    assert headers_of(failure) == {"cache-control": "no-store"} | headers
