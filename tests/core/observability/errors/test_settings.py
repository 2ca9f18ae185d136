"""What the gathering of errors wants to be told."""

from datetime import timedelta

from threadly.core.config import Secret
from threadly.core.observability.errors import ErrorSettings


def test_without_a_word_nobody_else_is_told() -> None:
    assert ErrorSettings().sentry_dsn is None


def test_the_address_of_sentry_is_kept_secret() -> None:
    settings = ErrorSettings(sentry_dsn=Secret("https://key@sentry.example/1"), sample_every=timedelta(minutes=5))
    assert "key" not in repr(settings)
