"""Each kind of answer has the policy that is its own, once, and what an answer says for itself stays."""

from collections.abc import Sequence

import pytest

from threadly.core.asgi import Message, Receive, Scope, Send
from threadly.core.security import SecurityHeaders, page_policy
from threadly.core.security.headers import DATA_POLICY, PICTURE_POLICY

Pairs = Sequence[tuple[bytes, bytes]]


async def answered(own: Pairs, *, status: int = 200, is_secure: bool = True) -> list[tuple[str, str]]:
    """The headers of an answer that has these itself."""
    sent: list[Message] = []

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": status, "headers": own})
        await send({"type": "http.response.body", "body": b"hello"})

    async def receive() -> Message:
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    around = SecurityHeaders(app, is_secure=is_secure, trusted_types="htmx", reports="/csp-reports")
    await around({"type": "http"}, receive, send)
    assert sent[1] == {"type": "http.response.body", "body": b"hello"}
    return [(name.decode(), value.decode()) for name, value in sent[0]["headers"]]


@pytest.mark.parametrize(
    ("kind", "policy", "resource"),
    [
        (b"text/html; charset=utf-8", page_policy(trusted_types="htmx", reports="/csp-reports"), "same-origin"),
        (b"text/html", page_policy(trusted_types="htmx", reports="/csp-reports"), "same-origin"),
        (b"image/webp", PICTURE_POLICY, "cross-origin"),
        (b"image/svg+xml", PICTURE_POLICY, "cross-origin"),
        (b"application/json", DATA_POLICY, "same-origin"),
        (b"application/problem+json", DATA_POLICY, "same-origin"),
        (b"text/xml", DATA_POLICY, "same-origin"),
        (b"TEXT/HTML", DATA_POLICY, "same-origin"),
        (None, DATA_POLICY, "same-origin"),
    ],
)
async def test_each_kind_of_answer_has_a_policy_of_its_own(kind: bytes | None, policy: str, resource: str) -> None:
    own = [] if kind is None else [(b"content-type", kind)]
    headers = await answered(own)
    assert len(dict(headers)) == len(headers)
    told = dict(headers)
    assert told["content-security-policy"] == policy
    assert told["cross-origin-resource-policy"] == resource
    assert told["x-content-type-options"] == "nosniff"
    assert told["strict-transport-security"] == "max-age=63072000"


def test_the_policy_of_pages_lets_nothing_inline_run_and_nothing_of_others_in() -> None:
    policy = page_policy(pictures="https://pictures.example", trusted_types="htmx", reports="/csp-reports")
    told = {name: rest for name, _, rest in (directive.partition(" ") for directive in policy.split("; "))}
    assert told == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data: https://pictures.example",
        "font-src": "'self'",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "object-src": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "htmx",
        "report-uri": "/csp-reports",
        "report-to": "csp",
    }
    assert "unsafe" not in policy
    assert page_policy().endswith("; trusted-types 'none'")


async def test_pages_keep_their_window_and_their_address_to_themselves_and_say_where_to_report() -> None:
    told = dict(await answered([(b"content-type", b"text/html")]))
    assert told["cross-origin-opener-policy"] == "same-origin"
    assert told["referrer-policy"] == "same-origin"
    assert told["x-frame-options"] == "DENY"
    assert told["reporting-endpoints"] == 'csp="/csp-reports"'
    assert "camera=()" in told["permissions-policy"].split(", ")


async def test_what_an_answer_says_for_itself_stays() -> None:
    own = [
        (b"content-type", b"text/html"),
        (b"content-security-policy", b"sandbox"),
        (b"x-frame-options", b"SAMEORIGIN"),
    ]
    headers = await answered(own)
    assert [value for name, value in headers if name == "content-security-policy"] == ["sandbox"]
    assert [value for name, value in headers if name == "x-frame-options"] == ["SAMEORIGIN"]
    assert dict(headers)["x-content-type-options"] == "nosniff"


async def test_what_is_unchanged_leaves_the_policy_that_a_cache_has_kept_with_the_page() -> None:
    assert await answered([(b"etag", b'"1"')], status=304) == [
        ("etag", '"1"'),
        ("strict-transport-security", "max-age=63072000"),
    ]
    assert await answered([], status=304, is_secure=False) == []


async def test_without_https_nobody_is_told_to_use_it() -> None:
    assert "strict-transport-security" not in dict(await answered([], is_secure=False))


async def test_what_is_not_http_passes() -> None:
    seen = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["type"])

    async def nothing(*_: object) -> dict[str, object]:
        return {}

    await SecurityHeaders(app, is_secure=True)({"type": "lifespan"}, nothing, nothing)  # type: ignore[arg-type]
    assert seen == ["lifespan"]
