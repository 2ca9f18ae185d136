"""An address is read in one way, and what was read is what is asked."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadly.core.security.outgoing.errors import AddressRefused, Reason
from threadly.core.security.outgoing.targets import Target, target


def read(address: str) -> Target:
    return target(address, schemes=("https", "http"), ports=(80, 443, 8443))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://shop.example", Target("https", "shop.example", 443, "/")),
        ("HTTP://Shop.Example:80?a=b#c", Target("http", "shop.example", 80, "/?a=b")),
        ("https://shop.example.:8443/a b".replace(" ", "%20"), Target("https", "shop.example", 8443, "/a%20b")),
        ("https://магазин.example/я?я", Target("https", "xn--80aairftm.example", 443, "/%D1%8F?%D1%8F")),
        ("https://[2606:4700::1111]/", Target("https", "2606:4700::1111", 443, "/")),
        ("https://1.1.1.1/", Target("https", "1.1.1.1", 443, "/")),
    ],
)
def test_the_parts_are_those_that_are_asked(address: str, expected: Target) -> None:
    assert read(address) == expected
    assert read(expected.url) == expected


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("ftp://shop.example/", Reason.SCHEME),
        ("javascript:alert(1)", Reason.SCHEME),
        ("shop.example", Reason.FORM),
        ("", Reason.FORM),
        ("https://", Reason.FORM),
        ("https://a@shop.example", Reason.CREDENTIALS),
        ("https://shop.example:81", Reason.PORT),
        ("https://shop", Reason.NAME),
        ("https://shop.internal", Reason.NAME),
        ("https://0x7f.1", Reason.FORM),
        ("https://shop.0x7f", Reason.FORM),
        ("https://shop_.-x.example", Reason.FORM),
        ("https://\u2000shop.example", Reason.FORM),
        ("https://" + "a" * 64 + ".example", Reason.FORM),
        ("https://" + "a.example." * 26 + "example", Reason.FORM),
    ],
)
def test_each_refusal_has_its_reason(address: str, reason: Reason) -> None:
    with pytest.raises(AddressRefused) as refusal:
        read(address)
    assert refusal.value.reason is reason


@given(st.text(max_size=60), st.sampled_from(["https://", "http://", "https://shop.example", ""]))
def test_whatever_is_read_another_reader_reads_as_well(rest: str, begins: str) -> None:
    try:
        found = read(begins + rest)
    except AddressRefused:
        return
    theirs = urlsplit(found.url)
    assert (theirs.hostname, theirs.username, theirs.fragment) == (found.host, None, "")
    assert found.url.isascii()
    assert found.url.isprintable()
