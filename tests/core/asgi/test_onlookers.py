"""People are told from programs by what programs say of themselves."""

from typing import Any

import pytest

from threadly.core.asgi import Onlooker, onlooker

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def asked(*headers: tuple[str, str], method: str = "GET", client: tuple[str, int] | None = ("192.0.2.7", 4711)) -> Any:  # noqa: ANN401
    """The scope of a request."""
    return {
        "type": "http",
        "method": method,
        "client": client,
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }


def test_a_browser_is_somebody() -> None:
    assert onlooker(asked(("user-agent", FIREFOX))) == Onlooker(address="192.0.2.7", agent=FIREFOX)
    assert onlooker(asked(("user-agent", FIREFOX), client=None)) == Onlooker(address="", agent=FIREFOX)


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "  ",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "facebookexternalhit/1.1",
        "curl/8.5.0",
        "python-httpx/0.28.1",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0 Safari/537.36",
        "Go-http-client/2.0",
    ],
)
def test_a_program_is_nobody(agent: str) -> None:
    assert onlooker(asked(("user-agent", agent))) is None


def test_who_says_nothing_looks_ahead_or_asks_for_the_head_is_nobody() -> None:
    assert onlooker(asked()) is None
    assert onlooker(asked(("user-agent", FIREFOX), method="HEAD")) is None
    for purpose in ("sec-purpose", "purpose", "x-moz"):
        assert onlooker(asked(("user-agent", FIREFOX), (purpose, "prefetch;prerender"))) is None
