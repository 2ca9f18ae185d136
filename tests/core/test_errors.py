"""A problem keeps its facts and reads as its sentence; that codes are unique is a habit of the whole house."""

import pytest

from threadly.core.errors import FieldsRefused, Invalid, NotFound, Problem, Refusal, Unavailable, every_problem, kind_of


class LampNotFound(NotFound):
    """For these tests."""

    code = "lamp_not_found"
    title = "No such lamp."


def test_a_problem_keeps_its_facts_and_reads_as_its_sentence() -> None:
    problem = LampNotFound(lamp="reading")

    assert (str(problem), problem.detail, problem.facts) == ("No such lamp.", None, {"lamp": "reading"})


def test_what_is_particular_is_said_instead_of_the_sentence() -> None:
    assert str(LampNotFound("It was sold.")) == "It was sold."


def test_the_kind_gives_the_status() -> None:
    assert (Problem.status, NotFound.status, LampNotFound.status, Unavailable.status) == (500, 404, 404, 503)


def test_only_what_may_pass_says_when_to_try_again() -> None:
    assert Unavailable().retry_after_seconds == 1
    assert LampNotFound().retry_after_seconds is None


def test_every_problem_is_found_parents_first() -> None:
    found = list(every_problem())

    assert found[0] is Problem
    assert found.index(NotFound) < found.index(LampNotFound)


@pytest.mark.parametrize(
    ("status", "kind"), [(404, NotFound), (503, Unavailable), (418, Invalid), (500, Problem), (502, Problem)]
)
def test_a_status_without_a_class_of_ours_has_its_plainest_kind(status: int, kind: type[Problem]) -> None:
    assert kind_of(status) is kind


def test_refused_fields_are_told_each_with_its_code_and_its_sentence() -> None:
    short = Refusal("title_too_short", "Please write {least} letters or more.", {"least": 3})
    problem = FieldsRefused(refusals={"title": short})

    assert problem.status == 422
    assert problem.facts == {
        "fields": {"title": {"code": "title_too_short", "message": "Please write 3 letters or more."}}
    }
    assert problem.refusals["title"].message == "Please write {least} letters or more."
