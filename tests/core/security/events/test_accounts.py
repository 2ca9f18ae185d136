"""What stands for the name of an account in events."""

from datetime import UTC, datetime, timedelta

from threadly.core.keys import Key, KeyRing
from threadly.core.security.events.accounts import digest_now, digests

RING = KeyRing.of(b"0123456789abcdef" * 2)


def test_a_digest_is_the_same_for_one_name_and_nobody_elses() -> None:
    assert digest_now(" Mila@shop.example ", RING) == digest_now("mila@SHOP.example", RING)
    assert digest_now("mila", RING) == digest_now("\uff4dila", RING)
    assert digest_now("mila", RING) != digest_now("mila2", RING)
    assert digest_now("mila", RING) != digest_now("mila", KeyRing.of(b"f" * 32))
    assert "mila" not in digest_now("mila", RING)


def test_what_an_older_key_has_hidden_is_known_for_as_long_as_it_is_in_the_ring() -> None:
    old, new = Key(b"o" * 32, datetime(2026, 9, 1, tzinfo=UTC)), Key(b"n" * 32, datetime(2026, 11, 1, tzinfo=UTC))
    both = KeyRing([old, new])
    assert digests("mila", both) == [digest_now("mila", KeyRing([new])), digest_now("mila", KeyRing([old]))]
    assert digest_now("mila", both) == digests("mila", both)[0]


def test_a_key_that_rests_yet_hides_nothing() -> None:
    old, new = Key(b"o" * 32), Key(b"n" * 32, datetime.now(UTC).replace(microsecond=0))
    ring = KeyRing([old, new], rests=timedelta(hours=1))
    assert digest_now("mila", ring) == digests("mila", ring)[1]
