"""What has the form of a secret, or of a person's data, is taken out of a text wherever it stands."""

import time
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadly.core.observability import LONGEST, scrub_text

KEY = "".join(["sk_", "live_", "51HabcdefGHIJklmnopQRST"])  # in parts: a real one would be found here, too
PEM = "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIEow\nabc\n-----END RSA " + "PRIVATE KEY-----"
SECRETS = {
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N": "[token]",
    "Bearer mF_9.B5f-4.1JqM": "Bearer [token]",
    "Basic dXNlcjpwYXNz": "Basic [token]",
    "tK3v9xQ2aBcD_fGh-jKlMnOpQrStUvWxYz012345678": "[token]",
    KEY: "[key]",
    "".join(["AKIA", "IOSFODNN7EXAMPLE"]): "[key]",
    PEM: "[private key]",
    "ann.o'neil+shop@example.co.uk": "[e-mail]",
    "ann%40example.com": "[e-mail]",
    "анна@пример.бг": "[e-mail]",
    "postgresql://shop:s3cr3t@db.example/shop": "postgresql://[credentials]@db.example/shop",
    "redis://:p@ss@cache:6379/0": "redis://[credentials]@cache:6379/0",
    "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaA": "[password hash]",
    "4111 1111 1111 1111": "[card]",
    "DE89 3704 0044 0532 0130 00": "[iban]",
    "password=hunter2": "password=[secret]",
    "api_key: abc": "api_key: [secret]",
    '{"secret": "two words"}': '{"secret": [secret]}',
    "?token=abc&page=2": "?token=[secret]&page=2",
    "Authorization: Digest a=b, c=d": "Authorization: [secret]",
    "Cookie: a=b; c=d": "Cookie: [secret]",
}
ORDINARY = [
    "The search was answered.",
    "12:30, at the corner: two for EUR 4.50 = cheap",
    "GET /en/listings/red-dress-size-38-with-a-very-long-name-indeed-x failed",
    "http://127.0.0.1:8000/@ann",
    "Not listening to bells: the connection is gone; trying again until it is back.",
    "threadly.marketplace.favourites.jobs.refresh_trends_of_all_listings_of_today",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0bb822cd15d6c15b0f00a08",
    "Größe 38, 50 % günstiger, 3 € gespart, ein Token für alle, basic shirts",
]


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
    ],
)
def test_a_text_made_to_take_long_takes_no_longer(part: str) -> None:
    text = part * (1_000_000 // len(part))
    began = time.thread_time()
    scrub_text(text)

    assert time.thread_time() - began < 0.1
