"""What a name says decides, in whatever way it is written."""

import pytest

from threadly.core.observability import is_private


@pytest.mark.parametrize(
    "name",
    [
        "password", "PASSWORD", "newPassword", "user-password", "password_2", "passwordHash", "db_passwd", "pwd",
        "token", "access_token", "csrfToken", "X-Auth-Token", "secret", "client_secret", "SECRET_KEY", "Authorization",
        "proxy-authorization", "Cookie", "Set-Cookie", "apiKey", "api_key", "X-Api-Key", "API-KEY", "accessKey",
        "iban", "sellerIban", "card", "card_number", "cardNumber", "cvc", "email", "e_mail", "Email-Address", "phone",
        "shipping_address", "address_line1", "street", "postcode", "otp", "credentials", "private_key", "session_id",
    ],
)  # fmt: skip
def test_private_names_are_known_in_any_spelling(name: str) -> None:
    assert is_private(name)


@pytest.mark.parametrize(
    "name",
    [
        "listing_id", "member_id", "price_minor", "seconds", "count", "route", "status", "token_count", "event",
        "ip_address", "listen_address", "discarded", "passed", "passengers", "author", "key", "keys", "spinning",
        "cards", "cardinality", "address_kind", "streetwear", "compass", "job", "attempt", "version", "pid",
    ],
)  # fmt: skip
def test_other_names_are_not(name: str) -> None:
    assert not is_private(name)


def test_what_is_remembered_of_names_is_bounded() -> None:
    for number in range(20_000):
        is_private(f"field_{number}")

    assert is_private("password")
    assert not is_private("field_1")
