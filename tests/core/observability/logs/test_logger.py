"""What packages hold: a logger of structlog's."""

import ast
from collections.abc import Iterator, MutableMapping
from typing import Any, Final

import pytest

from habits.tree import ROOT
from threadly.core.observability.logs.logger import Named, at_least


def _logger(level: str, told: list[dict[str, Any]]) -> Any:  # noqa: ANN401 - as structlog types it
    def keep(_: object, name: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        told.append({"level": name, **fields})
        return fields

    return at_least(level)(Named("shop"), [keep], {})


def test_each_level_is_told_with_its_fields() -> None:
    told: list[dict[str, Any]] = []
    log = _logger("debug", told)
    log.debug("a", n=1)
    log.info("b %d of %s", 1, "two")
    log.warning("c")
    log.error("d")
    log.critical("e")
    log.log(35, "f")
    log.exception("g")  # noqa: LOG004 - what it passes on is looked at
    log.bind(listing_id=1).info("h")

    assert told == [
        {"level": "debug", "event": "a", "n": 1},
        {"level": "info", "event": "b 1 of two"},
        {"level": "warning", "event": "c"},
        {"level": "error", "event": "d"},
        {"level": "critical", "event": "e"},
        {"level": "warning", "event": "f"},
        {"level": "error", "event": "g", "exc_info": True},
        {"level": "info", "event": "h", "listing_id": 1},
    ]


@pytest.mark.parametrize(("level", "count"), [("debug", 5), ("info", 4), ("warning", 3), ("error", 2)])
def test_what_is_below_the_level_is_not_told(level: str, count: int) -> None:
    told: list[dict[str, Any]] = []
    log = _logger(level, told)
    for name in ("debug", "info", "warning", "error", "critical"):
        getattr(log, name)("a")

    assert len(told) == count


INSTEAD: Final = {
    "id": "job_id, request_id, …: of what it is",
    "kind": "error, for a kind of failure",
    "type": "failure, for a class",
    "why": "reason",
    "error_id": "error",
    "failed": "failure",
} | {"job_name": "job", "exception": "exc_info", "err": "failure", "cause": "reason", "duration_ms": "ms"}
ALLOWED: Final = {("worker.py", "failed")}  # a number, beside `done` and `put_back`


def _fields() -> Iterator[tuple[str, str]]:
    """Each field of each line, with the file that tells it."""
    for path in sorted((ROOT / "src/threadly").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                told_by = node.func.value
                if isinstance(told_by, ast.Name) and told_by.id == "_log":
                    yield from ((path.name, word.arg) for word in node.keywords if word.arg)


def test_fields_have_the_names_that_others_have_for_the_same() -> None:
    told = set(_fields())
    assert len(told) > 30
    assert {(file, name, INSTEAD[name]) for file, name in told - ALLOWED if name in INSTEAD} == set()
