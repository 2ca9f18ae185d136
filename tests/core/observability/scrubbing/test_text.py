"""What has the form of a secret, or of a person's data, is taken out of a text wherever it stands."""

import time
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.observability.scrubbing.texts import ORDINARY, PEM, SECRETS
from threadly.core.observability import LONGEST, scrub_text


@pytest.mark.parametrize(("secret", "told"), SECRETS.items())
def test_a_secret_is_hidden_in_the_middle_of_a_text(secret: str, told: str) -> None:
    assert scrub_text(secret) == told
    assert scrub_text(f"before {secret}\nafter") == f"before {told}\nafter"


def test_of_a_private_key_without_an_end_nothing_is_left() -> None:
    assert scrub_text(f"before {PEM[:45]}\nabc\nafter") == "before [private key]"


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_stays_whole(text: str) -> None:
    assert scrub_text(text) == text


@given(st.uuids())
def test_ids_stay_whole(id: UUID) -> None:
    assert scrub_text(f"listing {id} of {id.hex}") == f"listing {id} of {id.hex}"


@given(st.datetimes(), st.integers(0, 10**9), st.decimals(0, 10**7, places=2))
def test_times_counts_and_prices_stay_whole(at: object, count: int, price: object) -> None:
    text = f"{count} at {price} EUR on {at}"

    assert scrub_text(text) == text


@given(st.sampled_from(list(SECRETS)), st.integers(LONGEST - 60, LONGEST + 60))
def test_no_part_of_a_secret_is_left_where_a_text_is_cut(secret: str, at: int) -> None:
    told = scrub_text("word " * (at // 5) + " " * (at % 5) + secret + " word" * 2000)

    for length in (12, 9):
        for start in range(0, len(secret) - length, 3):
            part = secret[start : start + length]
            assert part not in told or part in SECRETS[secret]
    assert len(told) <= LONGEST + 40


def test_a_long_text_is_cut_and_says_how_long_it_was() -> None:
    assert scrub_text("a" * 12_345) == "a" * LONGEST + "… (12,345 characters)"


@pytest.mark.parametrize(
    "part",
    [
        "a@",
        "4111 ",
        "A",
        "eyJ.",
        "-----BEGIN ",
        "://:",
        "secret'",
        "bearer ",
        "password=",
        "DE89 ",
        "a.",
        "cookie",
        "\\",
        'password="\\',
        'password":"a\\"',
        '\\"password\\":\\"',
        "password%3D",
        '"name":"',
        '"name":"password","value":"',
        "4111.",
        "4111\n",
        "sk-",
        "xoxb-",
    ],
)
def test_a_text_made_to_take_long_takes_no_longer(part: str) -> None:
    text = part * (1_000_000 // len(part))
    began = time.thread_time()
    scrub_text(text)

    assert time.thread_time() - began < 0.1
