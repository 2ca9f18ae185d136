"""What is typed in confidence."""

from threadly.core.auth import Discreet
from threadly.core.text import AsTyped


class Asked(Discreet, frozen=True, kw_only=True):
    """Something that somebody typed."""

    name: str
    password: AsTyped


def test_what_is_typed_in_confidence_is_in_no_repr() -> None:
    asked = Asked(name="Mila", password="seven wool coats")
    assert repr(asked) == "Asked(name='Mila', password=…)"
    assert f"{[asked]}" == "[Asked(name='Mila', password=…)]"
