"""Failures of one kind have the same print, whatever they say."""

import pytest

from tests.core.observability.errors.failing import caught, raised_in
from threadly.core.observability.errors.prints import Prints, fingerprint

PRINTS = Prints(("shop",))


def of(failure: BaseException) -> str:
    return fingerprint(failure, PRINTS.key(failure, PRINTS.places(failure.__traceback__)))


def test_neither_text_nor_line_nor_depth_makes_another_kind() -> None:
    first = of(raised_in("shop.orders", ValueError("order 1"), deep=5))
    assert first == of(raised_in("shop.orders", ValueError("order 2"), deep=5))
    assert first == of(raised_in("shop.orders", ValueError("order 3"), deep=50))
    assert len(first) == 12


@pytest.mark.parametrize(
    ("case", "other"),
    [
        ("another type", raised_in("shop.orders", KeyError("x"), deep=5)),
        ("another function", raised_in("shop.orders", ValueError("x"), function="refund", deep=5)),
        ("another module", raised_in("shop.offers", ValueError("x"), deep=5)),
    ],
)
def test_the_type_and_the_place_make_another_kind(case: str, other: BaseException) -> None:
    assert of(other) != of(raised_in("shop.orders", ValueError("x"), deep=5))


def test_the_cause_makes_another_kind() -> None:
    def chained(cause: BaseException) -> BaseException:
        failure = raised_in("shop.orders", ValueError("x"))
        failure.__cause__ = cause
        return failure

    assert of(chained(KeyError())) != of(chained(TypeError()))
    assert of(chained(KeyError("a"))) == of(chained(KeyError("b")))
    assert of(ExceptionGroup("", [KeyError()])) != of(ExceptionGroup("", [TypeError()]))


def test_functions_of_ours_tell_and_those_of_libraries_only_where_there_are_none() -> None:
    ours = raised_in("shop.orders", ValueError("x"), deep=0)
    theirs = raised_in("library.loop", ValueError("x"), deep=0)
    wrapped = caught(lambda: (_ for _ in ()).throw(ours))

    assert PRINTS.key(ours, PRINTS.places(ours.__traceback__))[1] == ("shop.orders:sell",)
    assert PRINTS.key(wrapped, PRINTS.places(wrapped.__traceback__))[1] == ("shop.orders:sell",)
    assert "library.loop:sell" in str(PRINTS.key(theirs, PRINTS.places(theirs.__traceback__))[1])


def test_places_are_forgotten_before_they_are_too_many() -> None:
    prints = Prints(("shop",))
    kept = [raised_in(f"shop.m{number}", ValueError("x"), deep=0) for number in range(5000)]
    for failure in kept:
        prints.places(failure.__traceback__)
    assert len(prints._places) <= 4096
