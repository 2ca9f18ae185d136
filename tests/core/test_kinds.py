"""Subclasses are found at any depth."""

from threadly.core.kinds import below


class Kind:
    """The root, which is none of its own."""


class One(Kind):
    """A kind."""


class Special(One):
    """A kind of this kind."""


class Other(Kind):
    """Another."""


def test_each_kind_is_found_before_its_own_kinds() -> None:
    assert list(below(Kind)) == [One, Special, Other]
    assert list(below(Special)) == []
