"""What Threadly never drops: money, who is asking, data. Held against every problem and every package there is."""

import importlib
import pkgutil
from typing import Final

import asyncpg
import pytest
from litestar.exceptions import HTTPException, NotAuthorizedException
from sqlalchemy.exc import DBAPIError, IntegrityError

import threadly
from threadly.core.errors import Problem, every_problem
from threadly.core.observability.errors import Noise
from threadly.noise import REFUSALS, RULES, SERIOUS

NOISE: Final = Noise(RULES, serious=SERIOUS)
ELSEWHERE: Final = "threadly.web.listings"
GUARDED: Final = ("threadly.core.auth", "threadly.core.security", "threadly.core.database")
"""Packages that there are, and whose failures are always told."""
_STARTED_BY_ALEMBIC: Final = "threadly.migrations"


def problems() -> list[type[Problem]]:
    """Every one, with all modules imported."""
    for module in pkgutil.walk_packages(threadly.__path__, "threadly."):
        if not module.name.startswith(_STARTED_BY_ALEMBIC) and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    return [kind for kind in every_problem() if kind.__module__.startswith("threadly.")]


def made(kind: type[Problem]) -> Problem:
    """An instance, whatever its constructor wants."""
    return kind.__new__(kind)


def test_every_problem_of_a_serious_package_and_every_failure_of_ours_is_news() -> None:
    kinds = problems()
    told = {kind for kind in kinds if NOISE.reason(made(kind), ELSEWHERE) is None}
    must = {kind for kind in kinds if kind.status not in REFUSALS or kind.__module__.startswith(GUARDED)}

    assert len(kinds) > 60
    assert must <= told
    assert {kind.__qualname__ for kind in told - must} == {
        "SignInRefused",
        "CurrentPasswordWrong",
        "PasswordChangedMeanwhile",
    }


def test_every_refusal_is_news_where_a_serious_package_raises_it() -> None:
    dropped = [
        (kind.__qualname__, package)
        for kind in problems()
        for package in SERIOUS
        if NOISE.reason(made(kind), f"{package}.service") is not None
    ]
    assert dropped == []


def test_what_the_driver_and_the_library_of_the_database_raise_is_news() -> None:
    waiting: list[type[BaseException]] = [asyncpg.PostgresError, asyncpg.InterfaceError, DBAPIError]
    seen: list[type[BaseException]] = []
    while waiting:
        kind = waiting.pop()
        seen.append(kind)
        waiting += kind.__subclasses__()
    assert len(seen) > 200
    assert [kind for kind in seen if NOISE.reason(kind.__new__(kind), ELSEWHERE) is not None] == []


def test_a_refusal_that_a_database_s_error_led_to_is_news() -> None:
    refusal = made(next(kind for kind in problems() if kind.status == 404))
    refusal.__cause__ = IntegrityError("INSERT", {}, ValueError("duplicate"))
    assert NOISE.reason(refusal, ELSEWHERE) is None


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (NotAuthorizedException(), "refused_by_framework"),
        (HTTPException(status_code=400), "refused_by_framework"),
        (HTTPException(status_code=500), None),
        (TimeoutError("the client has disconnected"), None),
        (ConnectionResetError("ECONNRESET"), None),
        (BrokenPipeError(), None),
        (TimeoutError(), None),
    ],
)
def test_of_the_framework_refusals_are_noise_and_no_failure_of_a_connection_is(
    failure: Exception, reason: str | None
) -> None:
    assert NOISE.reason(failure, ELSEWHERE) == reason


def test_what_the_rules_name_exists() -> None:
    for rule in RULES:
        module, _, name = rule.kind.rpartition(".")
        assert isinstance(getattr(importlib.import_module(module), name), type)
    here = {name for name in SERIOUS if name.startswith("threadly.core")}
    assert here == set(GUARDED)
