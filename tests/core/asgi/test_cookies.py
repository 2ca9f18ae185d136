"""Whether a request claims to be somebody's."""

import pytest

from threadly.core.asgi import SessionCookie, has_session


@pytest.mark.parametrize(
    ("cookie", "claims"),
    [
        (b"threadly_session=x", True),
        (b"__Host-threadly_session=x", True),
        (b"theme=dark; threadly_session=x", True),
        (b"theme=dark;threadly_session=", True),
        (b"theme=threadly_session", False),
        (b"not_threadly_session=x", False),
        (b"threadly_session_old=x", False),
        (b"", False),
    ],
)
def test_a_session_is_told_by_its_cookies_name_alone(cookie: bytes, claims: bool) -> None:
    assert has_session({"headers": [(b"host", b"shop"), (b"cookie", cookie)]}) is claims


def test_the_cookie_may_be_in_any_of_several_headers() -> None:
    assert has_session({"headers": [(b"cookie", b"a=b"), (b"cookie", b"threadly_session=x")]})


def test_of_cookies_in_several_headers_each_is_read_and_the_first_of_a_name_counts() -> None:
    sent = [
        (b"cookie", b"a=b"),
        (b"cookie", b"threadly_session=x; threadly_session=y"),
        (b"cookie", b"threadly_session=z"),
    ]
    assert SessionCookie(is_secure=False).read({"headers": sent}) == "x"
    assert SessionCookie(is_secure=True).read({"headers": sent}) is None


def test_no_cookie_is_no_session() -> None:
    assert not has_session({"headers": []})
