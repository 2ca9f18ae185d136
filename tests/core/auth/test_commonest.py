"""The passwords that are tried first."""

from threadly.core.auth.commonest import COMMONEST
from threadly.core.auth.passwords import LEAST, prepared


def test_they_stand_as_they_are_compared() -> None:
    assert len(COMMONEST) > 300
    for password in COMMONEST:
        assert prepared(password).casefold() == password
        assert len(password) >= LEAST
