"""What is no news is decided by type and by origin, and what is serious is always news."""

from collections.abc import Sequence
from dataclasses import fields

import pytest

from tests.core.observability.errors.failing import REFUSED, raised, raised_in
from threadly.core.auth import SignInNeeded
from threadly.core.database import DatabaseUnavailable
from threadly.core.errors import Conflict, NotFound, Unavailable
from threadly.core.observability.errors import Noise, Rule

LEFT = Rule("client_left", "builtins.ConnectionResetError", origin="server.protocol")
NOISE = Noise([REFUSED, LEFT], serious=["shop.payments", "threadly.core.auth", "threadly.core.database"])


class CardDeclined(Conflict):
    """A refusal about money."""

    code = "card_declined"


CardDeclined.__module__ = "shop.payments.errors"


@pytest.mark.parametrize(
    ("case", "failure", "origin", "reason"),
    [
        ("an answer that refuses", NotFound(), "shop.listings", "refused"),
        ("an answer that says that we cannot", Unavailable(), "shop.listings", None),
        ("a defect", KeyError("x"), "shop.listings", None),
        ("a visitor who left", ConnectionResetError(), "server.protocol.http", "client_left"),
        ("the same from the database's driver", ConnectionResetError(), "asyncpg.connection", None),
        ("a package whose name begins alike", ConnectionResetError(), "server.protocols", None),
        ("a refusal raised where money is moved", NotFound(), "shop.payments.refunds", None),
        ("a refusal raised in a package whose name begins alike", NotFound(), "shop.payments_page", "refused"),
        ("a refusal of a class about money", CardDeclined(), "shop.web", None),
        ("a refusal of a class about who is asking", SignInNeeded(), "shop.web", None),
        ("the database", DatabaseUnavailable(), "shop.web", None),
    ],
)
def test_the_type_and_the_origin_decide(case: str, failure: BaseException, origin: str, reason: str | None) -> None:
    assert NOISE.reason(failure, origin) == reason
    assert NOISE.reason(failure, origin) == reason  # as it is remembered


def test_what_a_refusal_says_makes_no_difference() -> None:
    assert {field.name for field in fields(Rule)} == {"reason", "kind", "statuses", "origin"}
    assert NOISE.reason(NotFound("order cancellation failed: timeout, ECONNRESET"), "shop") == "refused"
    assert NOISE.reason(TimeoutError("client disconnected"), "shop") is None


def test_a_refusal_that_hides_something_serious_is_news() -> None:
    as_cause, while_handled, hidden = NotFound(), NotFound(), NotFound()
    as_cause.__cause__ = CardDeclined()
    while_handled.__context__ = hidden.__context__ = DatabaseUnavailable()
    hidden.__suppress_context__ = True  # as `from None` has it

    assert NOISE.reason(as_cause, "shop") is None
    assert NOISE.reason(while_handled, "shop") is None
    assert NOISE.reason(hidden, "shop") is None


def test_a_refusal_that_hides_something_raised_in_a_serious_package_is_news() -> None:
    in_money, elsewhere = NotFound(), NotFound()
    in_money.__cause__ = raised_in("shop.payments.refunds", KeyError("x"))
    elsewhere.__cause__ = raised_in("shop.listings", KeyError("x"))
    assert NOISE.reason(in_money, "shop.web") is None
    assert NOISE.reason(elsewhere, "shop.web") == "refused"


@pytest.mark.parametrize(("causes", "reason"), [(9, "refused"), (63, "refused"), (64, None), (500, None)])
def test_more_causes_than_are_looked_at_are_taken_for_serious(causes: int, reason: str | None) -> None:
    assert NOISE.reason(chained([NotFound() for _ in range(causes)]), "shop") == reason


@pytest.mark.parametrize("before", [0, 9, 62, 63, 200])
def test_something_serious_is_found_however_deep_or_wide_it_is_hidden(before: int) -> None:
    hidden = [*(NotFound() for _ in range(before)), DatabaseUnavailable()]
    in_a_group = NotFound()
    in_a_group.__cause__ = ExceptionGroup("", hidden)
    assert NOISE.reason(in_a_group, "shop") is None
    assert NOISE.reason(chained(hidden), "shop") is None


def chained(causes: Sequence[Exception]) -> Exception:
    """A refusal, raised from the first of these, which was raised from the next."""
    top: Exception = NotFound()
    failure = top
    for cause in causes:
        failure.__cause__ = cause
        failure = cause
    return top


def test_a_group_with_something_serious_in_it_is_news() -> None:
    rule = Rule("refused", "builtins.ExceptionGroup")
    noise = Noise([rule], serious=["shop.payments"])
    assert noise.reason(raised(ExceptionGroup("", [NotFound(), CardDeclined()])), "shop") is None
    assert noise.reason(raised(ExceptionGroup("", [NotFound()])), "shop") == "refused"


def test_causes_that_go_round_in_circles_end() -> None:
    one, other = NotFound(), NotFound()
    one.__cause__, other.__cause__ = other, one
    assert NOISE.reason(one, "shop") == "refused"
