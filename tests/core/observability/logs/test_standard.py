"""What libraries log goes the same way."""

import logging
from typing import Any

import pytest

from threadly.core.observability.logs.standard import Handler


@pytest.fixture
def told() -> list[tuple[Any, ...]]:
    return []


@pytest.fixture
def library(told: list[tuple[Any, ...]]) -> logging.Logger:
    logger = logging.Logger("library", logging.DEBUG)  # noqa: LOG001 - one of its own
    logger.addHandler(Handler(lambda *line: told.append(line)))
    return logger


def test_a_record_becomes_a_line_with_its_extra_fields(library: logging.Logger, told: list[tuple[Any, ...]]) -> None:
    library.warning("Lost %s", "it", extra={"attempt": 2})

    assert told == [("library", "warning", {"event": "Lost it", "attempt": 2}, None, "Lost %s")]


def test_a_failure_comes_along(library: logging.Logger, told: list[tuple[Any, ...]]) -> None:
    failure = LookupError()
    library.error("It failed.", exc_info=failure)

    assert told[0][3] is failure


def test_a_librarys_own_mistake_is_told_and_not_raised(library: logging.Logger, told: list[tuple[Any, ...]]) -> None:
    library.info("%d %d", "one")

    assert told[0][2] == {"event": "%d %d"}


def test_levels_between_ours_are_the_one_below(library: logging.Logger, told: list[tuple[Any, ...]]) -> None:
    for number in (5, 15, 25, 35, 60):
        library.log(number, "x")

    assert [line[1] for line in told] == ["debug", "info", "warning", "critical"]
