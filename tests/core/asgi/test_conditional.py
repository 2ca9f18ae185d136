"""Who has an answer already is not sent it again."""

import pytest

from threadly.core.asgi import entity_tag, is_known

TAG = entity_tag(b"body")


def test_equal_bodies_have_equal_tags_and_others_do_not() -> None:
    assert entity_tag(b"body") == TAG
    assert entity_tag(b"bodY") != TAG


@pytest.mark.parametrize(
    ("header", "known"),
    [
        (TAG, True),
        (TAG.removeprefix("W/"), True),
        (f'"other", {TAG}', True),
        ("*", True),
        ('"other"', False),
        ("", False),
        (None, False),
    ],
)
def test_a_tag_is_compared_weakly(header: str | None, known: bool) -> None:
    assert is_known(TAG, header) is known
