"""Every problem has a status by its kind, a code of its own, and a sentence."""

import importlib
import pkgutil

import pytest

import threadly
from threadly.core.errors import NotFound, Problem, Unavailable, every_problem


@pytest.fixture(scope="module")
def problems() -> list[type[Problem]]:
    for module in pkgutil.walk_packages(threadly.__path__, "threadly."):
        if not module.name.endswith((".__main__", ".migrations.env")) and ".versions." not in module.name:
            importlib.import_module(module.name)
    return list(every_problem())


def test_codes_are_unique_and_snake_case(problems: list[type[Problem]]) -> None:
    codes = [problem.code for problem in problems]

    assert len(codes) == len(set(codes))
    assert all(code.replace("_", "").isalpha() and code == code.lower() for code in codes)


def test_every_problem_says_a_sentence_of_its_own(problems: list[type[Problem]]) -> None:
    for problem in problems:
        assert "title" in vars(problem), problem
        assert problem.title[0].isupper(), problem
        assert problem.title.endswith("."), problem


def test_every_problem_says_what_it_means(problems: list[type[Problem]]) -> None:
    assert [problem for problem in problems if not problem.__doc__] == []


def test_a_problem_keeps_its_facts_and_reads_as_its_sentence() -> None:
    class LampNotFound(NotFound):
        """For this test."""

        code = "lamp_not_found"
        title = "No such lamp."

    problem = LampNotFound(lamp="reading")

    assert (str(problem), problem.facts, problem.status) == ("No such lamp.", {"lamp": "reading"}, 404)
    assert problem.retry_after_seconds is None
    assert Unavailable().retry_after_seconds == 1
