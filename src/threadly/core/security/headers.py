"""What browsers are told to refuse, with every answer of any ASGI application.

    app = SecurityHeaders(app, is_secure=True, reports="/csp-reports")

A page may load scripts, styles and fonts from its own origin and pictures from there or from within itself; it may
send forms and requests there, and nowhere else. Nothing inline runs, no plugin, no frame, no base address, and no text
becomes a script or HTML but by the one policy that Trusted Types let through (`trusted_types`). So the policy is a
constant: pages stay the same for everybody, and any cache may keep them. A nonce would end that.

    text/html    a page: the policy above; its window and its address are its own
    image/…      a picture: nothing in it runs, whoever opens it; any site may show it
    the rest     data, styles, scripts, fonts: loads nothing, is shown in no frame, belongs to this origin alone

Guaranteed: what an answer says for itself is left as it is. An answer that something is unchanged (304) says nothing of
this but HSTS: a cache would put it in the place of what the whole answer said. All is encoded when this is made.
"""

from collections.abc import Awaitable, Mapping
from typing import Final

from threadly.core.asgi import ASGIApp, Message, Receive, Scope, Send

A_YEAR: Final = 365 * 24 * 3600
DATA_POLICY: Final = "default-src 'none'; frame-ancestors 'none'"
PICTURE_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
"""A drawing that somebody opens by itself keeps its colours, and stays a drawing: a script in it does not run."""

_UNUSED: Final = (
    "accelerometer",
    "browsing-topics",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
_UNCHANGED: Final = 304
_ENDPOINT: Final = "csp"
_KIND: Final = b"content-type"


def page_policy(*, pictures: str | None = None, trusted_types: str = "'none'", reports: str | None = None) -> str:
    """The content security policy of pages.

    Args:
        pictures: The origin from which pictures come, if it is not the page's own.
        trusted_types: The names of the policies that scripts may make; none, if not said.
        reports: The path to which browsers tell what they refused.
    """
    directives = [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        f"img-src 'self' data:{'' if pictures is None else f' {pictures}'}",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
        "require-trusted-types-for 'script'",
        f"trusted-types {trusted_types}",
    ]
    if reports is not None:
        directives += [f"report-uri {reports}", f"report-to {_ENDPOINT}"]
    return "; ".join(directives)


class SecurityHeaders:
    """Gives every answer the headers that it did not set for itself.

    Args:
        is_secure: Whether browsers reach the application by https, and shall never do otherwise for two years (HSTS).
        pictures: The origin from which pictures come, if it is not the page's own.
        trusted_types: The names of the policies that scripts of pages may make (Trusted Types).
        reports: The path to which browsers tell what they refused (`CspReports`).
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        is_secure: bool,
        pictures: str | None = None,
        trusted_types: str = "'none'",
        reports: str | None = None,
    ) -> None:
        self.app = app
        always = {"strict-transport-security": f"max-age={2 * A_YEAR}"} if is_secure else {}
        told = {} if reports is None else {"reporting-endpoints": f'{_ENDPOINT}="{reports}"'}
        self._unchanged = _block(always)
        always |= {"x-content-type-options": "nosniff"}
        self._page = _block(
            always
            | {
                "content-security-policy": page_policy(pictures=pictures, trusted_types=trusted_types, reports=reports),
                "cross-origin-opener-policy": "same-origin",
                "cross-origin-resource-policy": "same-origin",
                "permissions-policy": ", ".join(f"{feature}=()" for feature in _UNUSED),
                "referrer-policy": "same-origin",
                "x-frame-options": "DENY",
            }
            | told
        )
        self._picture = _block(
            always | {"content-security-policy": PICTURE_POLICY, "cross-origin-resource-policy": "cross-origin"}
        )
        self._data = _block(
            always
            | {
                "content-security-policy": DATA_POLICY,
                "cross-origin-resource-policy": "same-origin",
                "referrer-policy": "no-referrer",
            }
        )
        blocks = (self._page, self._picture, self._data)
        self._names = frozenset({_KIND, *(name for block in blocks for name, _ in block)})
        self._usual = {
            (_KIND, b"text/html; charset=utf-8"): self._page,
            (_KIND, b"image/webp"): self._picture,
            (_KIND, b"application/json"): self._data,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        names, usual = self._names, self._usual

        def complete(message: Message) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                own = message.get("headers", ())
                if type(own) is not list:
                    own = [*own]
                known = [pair for pair in own if pair[0] in names]
                pairs = usual.get(known[0]) if len(known) == 1 and message["status"] != _UNCHANGED else None
                message["headers"] = own + (self._lacking(message["status"], known) if pairs is None else pairs)
            return send(message)

        await self.app(scope, receive, complete)

    def _lacking(self, status: int, known: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """What an answer lacks that names these itself."""
        kind = b""
        named = set()
        for name, value in known:
            if name == _KIND:
                kind = value
            else:
                named.add(name)
        if status == _UNCHANGED:
            pairs = self._unchanged
        elif kind.startswith(b"text/html"):
            pairs = self._page
        else:
            pairs = self._picture if kind.startswith(b"image/") else self._data
        return [pair for pair in pairs if pair[0] not in named] if named else pairs


def _block(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]
