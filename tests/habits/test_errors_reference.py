"""Every error has a code of its own, a sentence for people, and a line in the reference."""

import re
from collections import Counter

from habits import errors_reference
from threadly.core.errors import Problem


def test_every_code_is_unique() -> None:
    codes = Counter(errors_reference.code(kind) for kind in errors_reference.errors())
    assert [code for code, count in codes.items() if count > 1] == []


def test_every_error_gives_its_code_and_sentence_itself() -> None:
    for kind in errors_reference.errors():
        assert "code" in vars(kind), f"{kind.__qualname__} has its parent's code"
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", str(errors_reference.code(kind))), kind
        assert (kind.__doc__ or "").strip(), f"{kind.__qualname__} does not say when it happens"
        if issubclass(kind, Problem):
            assert "title" in vars(kind), f"{kind.__qualname__} has its parent's sentence"
            assert re.fullmatch(r"[A-Z].*[.!?]", kind.title), kind.title
            assert 400 <= kind.status < 600, kind.status


def test_every_problem_is_in_the_reference_with_its_status() -> None:
    page = errors_reference.text()
    for kind in errors_reference.errors():
        status = f"| {kind.status} |" if issubclass(kind, Problem) else ""
        assert f"| `{errors_reference.code(kind)}` {status}" in page, kind


def test_every_class_of_the_problem_tree_that_threadly_defines_is_found() -> None:
    known = set(errors_reference.errors())
    waiting: list[type[Problem]] = [Problem]
    while waiting:
        kind = waiting.pop()
        assert kind in known or not kind.__module__.startswith("threadly."), kind
        waiting += kind.__subclasses__()
