"""What is easy to guess is told from what was drawn by chance."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadly.core.config import bits


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "a" * 64,
        "0123456789abcdef" * 2,
        "abcdefghijklmnopqrstuvwxyz0123456789",
        "not-a-secret-" * 3,
        "1234567890" * 9,
    ],
)
def test_what_repeats_counts_up_or_stays_the_same_adds_nothing(secret: str) -> None:
    assert bits(secret) < 100


@pytest.mark.parametrize("made", [secrets.token_hex, secrets.token_urlsafe])
def test_what_was_drawn_by_chance_has_nearly_all_its_bits(made: object) -> None:
    assert callable(made)
    assert all(bits(made(32)) > 200 for _ in range(200))
    assert all(bits(secrets.token_hex(16)) > 100 for _ in range(200))


@given(st.text())
def test_any_text_has_some_number_of_bits(text: str) -> None:
    assert bits(text) >= 0
