"""What is no news is decided by type and by origin, and what is serious is always news."""

from dataclasses import fields

import pytest

from tests.core.observability.errors.failing import REFUSED, raised
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
    as_cause, while_handled, on_purpose = NotFound(), NotFound(), NotFound()
    as_cause.__cause__ = CardDeclined()
    while_handled.__context__ = on_purpose.__context__ = DatabaseUnavailable()
    on_purpose.__suppress_context__ = True  # as `from None` says

    assert NOISE.reason(as_cause, "shop") is None
    assert NOISE.reason(while_handled, "shop") is None
    assert NOISE.reason(on_purpose, "shop") == "refused"


def test_a_group_with_something_serious_in_it_is_news() -> None:
    rule = Rule("refused", "builtins.ExceptionGroup")
    noise = Noise([rule], serious=["shop.payments"])
    assert noise.reason(raised(ExceptionGroup("", [NotFound(), CardDeclined()])), "shop") is None
    assert noise.reason(raised(ExceptionGroup("", [NotFound()])), "shop") == "refused"


def test_causes_that_go_round_in_circles_end() -> None:
    one, other = NotFound(), NotFound()
    one.__cause__, other.__cause__ = other, one
    assert NOISE.reason(one, "shop") == "refused"
