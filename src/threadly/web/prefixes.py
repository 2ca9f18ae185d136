"""One address, one page, one language: takes the language off the front of an address, and puts it back on redirects.

Guaranteed: what is inside sees the same path in every language, and finds the language in the scope. What is no page
(files, pictures, the API, health) has one address, without a language. `/en/…` of a shop whose first language is
English is sent to the address without it.
"""

from typing import Final
from urllib.parse import quote

from threadly.core.asgi import ASGIApp, Message, Receive, Scope, Send
from threadly.core.observability.health import PROBES
from threadly.languages import IN_SCOPE, Language, Languages

WITHOUT: Final = ("/api/", "/static/", "/media/", *PROBES, "/robots.txt", "/sitemap", "/.well-known/")
"""What begins so is the same in every language, and has no other address."""

_ELSEWHERE: Final = ("//", "/\\")
_GOES_TO: Final = (b"location", b"hx-redirect")
_LOOKS: Final = ("GET", "HEAD")


class Prefixes:
    """Turns `/bg/categories/women` into `/categories/women` in Bulgarian."""

    def __init__(self, app: ASGIApp, *, languages: Languages) -> None:
        self.app = app
        self._languages = languages
        self._first = f"/{languages.first.code}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        language = self._languages.at(scope["path"])
        scope[IN_SCOPE] = language
        if moved := self._moved(scope, language):
            await _go(scope, moved, send)
        elif not language.at or (within := _within(scope, language)) is None:
            await self.app(scope, receive, send)
        else:
            await self.app({**scope, **within}, receive, self._staying(language, send))

    def _moved(self, scope: Scope, language: Language) -> str | None:
        """The one address of a page that was asked for by another."""
        path: str = scope["path"]
        if scope["method"] not in _LOOKS:
            return None
        if language.at:
            return f"{path}/" if path == language.at else None
        inside = path.removeprefix(self._first)
        if inside == path or (inside and inside[0] != "/") or inside.startswith(_ELSEWHERE):
            return None
        return inside or "/"

    def _staying(self, language: Language, send: Send) -> Send:
        """Sends on, and keeps those who are sent elsewhere in their language."""

        async def stay(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [
                    (name, self._in(language, value) if name.lower() in _GOES_TO else value)
                    for name, value in message.get("headers", ())
                ]
                message = {**message, "headers": headers}
            await send(message)

        return stay

    def _in(self, language: Language, address: bytes) -> bytes:
        path = address.decode("latin-1")
        is_page = path.startswith("/") and not path.startswith((*_ELSEWHERE, *WITHOUT))
        has_language = bool(self._languages.at(path.partition("?")[0]).at)
        return language.at.encode() + address if is_page and not has_language else address


def _within(scope: Scope, language: Language) -> Scope | None:
    """The address without its language; None if it is no page's, or is spelled in another way."""
    inside = scope["path"][len(language.at) :]
    raw: bytes | None = scope.get("raw_path")
    prefix = language.at.encode()
    if not inside or inside.startswith(WITHOUT) or (raw is not None and not raw.startswith(prefix + b"/")):
        return None
    return {"path": inside} if raw is None else {"path": inside, "raw_path": raw[len(prefix) :]}


async def _go(scope: Scope, path: str, send: Send) -> None:
    query = scope["query_string"].decode("latin-1")
    to = quote(path, safe="/:@!$&'()*+,;=~") + (f"?{query}" if query else "")
    headers = [
        (b"location", to.encode("latin-1")),
        (b"content-length", b"0"),
        (b"cache-control", b"public, max-age=300"),
    ]
    await send({"type": "http.response.start", "status": 308, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
