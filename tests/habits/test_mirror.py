"""The mirror of tests sees what has none, and what tests nothing."""

import pytest

from habits import mirror

MODULES = {
    "src/threadly/core/ids.py",
    "src/threadly/core/asgi/__init__.py",
    "src/threadly/core/asgi/query.py",
    "habits/tree.py",
}


@pytest.mark.parametrize(
    ("test", "subject"),
    [
        ("tests/core/test_ids.py", "src/threadly/core/ids.py"),
        ("tests/core/test_ids_under_load.py", "src/threadly/core/ids.py"),
        ("tests/core/asgi/test_query.py", "src/threadly/core/asgi/query.py"),
        ("tests/core/test_asgi.py", "src/threadly/core/asgi/__init__.py"),
        ("tests/core/asgi/test_asgi.py", "src/threadly/core/asgi/__init__.py"),
        ("tests/habits/test_tree.py", "habits/tree.py"),
        ("tests/core/test_query.py", None),
        ("tests/core/test_idsy.py", None),
    ],
)
def test_a_test_is_about_the_module_with_its_path(test: str, subject: str | None) -> None:
    assert mirror.subjects(test, MODULES) == ({subject} if subject else set())


def test_a_module_without_a_test_is_found_unless_it_only_declares(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mirror, "NO_TEST_OF_ITS_OWN", {})
    found = list(
        mirror.findings({*MODULES, "tests/core/test_ids.py"}, declarations={"src/threadly/core/asgi/__init__.py"})
    )
    assert [(finding.path, finding.message) for finding in found] == [
        ("src/threadly/core/asgi/query.py", "no test: tests/core/asgi/test_query.py")
    ]


def test_a_test_of_nothing_and_an_excuse_for_nothing_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mirror, "NO_TEST_OF_ITS_OWN", {"core/*/errors.py": "declarations"})
    messages = [
        finding.message for finding in mirror.findings({"tests/core/test_lost.py", "tests/journeys/test_it_all.py"})
    ]
    assert messages == ["no module has this path; move it beside what it tests", "core/*/errors.py matches no module"]
