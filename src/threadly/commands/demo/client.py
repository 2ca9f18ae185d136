"""A small HTTP client, and what it can see of a page: links, styles, scripts, pictures."""

import http.client
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit

_TIMEOUT_SECONDS = 10.0
_LARGEST_ANSWER_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said."""

    path: str
    status: int
    content_type: str
    headers: dict[str, str]
    """By lower-case name."""
    body: bytes
    seconds: float
    """From asking to the last byte."""


@dataclass(frozen=True, slots=True)
class Form:
    """What a form sends: encoded like an address, or in parts where there is a file."""

    fields: Mapping[str, str]
    file: tuple[str, str, bytes] | None = None
    """The field's name, its media type, and the content."""

    def encoded(self) -> tuple[str, bytes]:
        """Its media type, and its bytes."""
        if self.file is None:
            return "application/x-www-form-urlencoded", urlencode(self.fields).encode()
        boundary = secrets.token_hex(16)
        name, media_type, content = self.file
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
            for field, value in self.fields.items()
        ]
        head = f'Content-Disposition: form-data; name="{name}"; filename="photo"\r\nContent-Type: {media_type}\r\n\r\n'
        parts += [f"--{boundary}\r\n{head}".encode(), content, f"\r\n--{boundary}--\r\n".encode()]
        return f"multipart/form-data; boundary={boundary}", b"".join(parts)


class Client:
    """Asks one server, over one connection that it keeps; keeps cookies too."""

    def __init__(self, url: str) -> None:
        place = urlsplit(url)
        self._connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=_TIMEOUT_SECONDS)
        self._cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        """Asks for a path with its query.

        Raises:
            OSError, HTTPException: No answer.
        """
        return self._ask("GET", path, None, {})

    def post(self, path: str, form: Form) -> Answer:
        """Sends a form. A redirect is an answer like any other.

        Raises:
            OSError, HTTPException: No answer.
        """
        media_type, body = form.encoded()
        return self._ask("POST", path, body, {"Content-Type": media_type, "Sec-Fetch-Site": "same-origin"})

    def _ask(self, method: str, path: str, content: bytes | None, more: Mapping[str, str]) -> Answer:
        began = time.monotonic()
        sent = {"Accept": "*/*", "User-Agent": "threadly-check", **more}
        if self._cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        self._connection.request(method, path, body=content, headers=sent)
        response = self._connection.getresponse()
        body = response.read(_LARGEST_ANSWER_BYTES)
        for cookie in response.headers.get_all("set-cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        headers = {name.lower(): value for name, value in response.getheaders()}
        content_type = headers.get("content-type", "").partition(";")[0]
        return Answer(path, response.status, content_type, headers, body, time.monotonic() - began)

    def close(self) -> None:
        self._connection.close()


@dataclass(slots=True)
class Page(HTMLParser):
    """The addresses in a page, in their order, and what its forms hold already."""

    links: list[str] = field(default_factory=list)
    assets: list[str] = field(default_factory=list)
    """Styles, scripts and icons."""
    pictures: list[str] = field(default_factory=list)
    """Every size that `src` and `srcset` name."""
    next: str | None = None
    """Where `rel="next"` leads."""
    values: dict[str, str] = field(default_factory=dict)
    """Hidden inputs."""

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)

    @classmethod
    def of(cls, answer: Answer) -> "Page":
        """Reads the answer's body as HTML."""
        page = cls()
        page.feed(answer.body.decode())
        page.close()
        return page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Called by the parser."""
        at = {name: value or "" for name, value in attrs}
        if at.get("rel") == "next" and at.get("href"):
            self.next = self.next or at["href"]
        if tag == "input" and at.get("type") == "hidden":
            self.values[at.get("name", "")] = at.get("value", "")
        if tag == "a" and at.get("href"):
            self.links.append(at["href"])
        elif (tag == "link" and at.get("rel") in {"stylesheet", "icon"}) or (tag == "script" and at.get("src")):
            self.assets.append(at.get("href") or at.get("src", ""))
        elif tag in {"img", "source"}:
            sizes = [size.split()[0] for size in at.get("srcset", "").split(",") if size.strip()]
            self.pictures += [address for address in (at.get("src"), *sizes) if address]
