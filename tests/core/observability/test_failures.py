"""An exception is told with where it was, and without what it held."""

import json

import pytest

from threadly.core.observability import failure_of, scrub


class _Sold(Exception):
    def __str__(self) -> str:
        raise RuntimeError("a mistake in the error itself")


def _raised(failure: BaseException, cause: BaseException | None = None) -> BaseException:
    password = "ZEBRA"  # a local that must never be told  # noqa: F841
    try:
        raise failure from cause  # noqa: TRY301
    except BaseException as caught:  # noqa: BLE001
        return caught


def test_it_has_its_class_its_scrubbed_text_and_the_place() -> None:
    told = failure_of(_raised(LookupError("for ann@example.com")))

    assert told["type"] == "LookupError"
    assert told["message"] == "for [e-mail]"
    (frame,) = told["frames"]
    file, line, function = frame.split(":")
    assert file.endswith("tests/core/observability/test_failures.py")
    assert int(line) > 0
    assert function == "_raised"


def test_no_local_variable_is_told() -> None:
    assert "ZEBRA" not in json.dumps(failure_of(_raised(ValueError("x"), _raised(KeyError("y")))))


def test_it_tells_what_it_was_raised_from_but_not_without_end() -> None:
    first, second = ValueError("a"), ValueError("b")
    first.__context__, second.__context__ = second, first

    told = failure_of(first)

    assert told["cause"]["message"] == "b"
    assert json.dumps(told).count('"type"') == 5


def test_a_cause_that_was_set_aside_is_not_told() -> None:
    told = failure_of(_raised(ValueError("a"), None))

    assert "cause" not in told


def test_the_members_of_a_group_are_told_the_first_of_many() -> None:
    told = failure_of(ExceptionGroup("several", [ValueError(str(number)) for number in range(100)]))

    assert [member["message"] for member in told["members"]] == ["0", "1", "2", "3"]


def test_a_deep_stack_is_told_by_its_innermost_frames() -> None:
    def dig(depth: int) -> None:
        if depth == 0:
            raise ValueError
        dig(depth - 1)

    with pytest.raises(ValueError) as caught:  # noqa: PT011
        dig(200)

    assert len(failure_of(caught.value)["frames"]) == 24


def test_an_installed_file_is_told_by_how_it_is_imported() -> None:
    with pytest.raises(json.JSONDecodeError) as caught:
        json.loads("{")

    assert failure_of(caught.value)["frames"][-1].startswith("json/decoder.py:")


def test_an_error_that_cannot_say_what_it_is_is_told_all_the_same() -> None:
    told = failure_of(_Sold())

    assert told["type"].endswith("test_failures._Sold")
    assert told["message"] == "its text cannot be read"
    assert scrub(_Sold()) == "_Sold: its text cannot be read"
