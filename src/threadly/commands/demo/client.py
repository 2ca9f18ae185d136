"""A small HTTP client, and what it can see of a page: links, styles, scripts, pictures."""

import http.client
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

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


class Client:
    """Asks one server, over one connection that it keeps."""

    def __init__(self, url: str) -> None:
        place = urlsplit(url)
        self._connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=_TIMEOUT_SECONDS)

    def get(self, path: str) -> Answer:
        """Asks for a path with its query.

        Raises:
            OSError, HTTPException: No answer.
        """
        began = time.monotonic()
        self._connection.request("GET", path, headers={"Accept": "*/*", "User-Agent": "threadly-check"})
        response = self._connection.getresponse()
        body = response.read(_LARGEST_ANSWER_BYTES)
        headers = {name.lower(): value for name, value in response.getheaders()}
        content_type = headers.get("content-type", "").partition(";")[0]
        return Answer(path, response.status, content_type, headers, body, time.monotonic() - began)

    def close(self) -> None:
        self._connection.close()


@dataclass(slots=True)
class Page(HTMLParser):
    """The addresses in a page, in their order."""

    links: list[str] = field(default_factory=list)
    assets: list[str] = field(default_factory=list)
    """Styles, scripts and icons."""
    pictures: list[str] = field(default_factory=list)
    """Every size that `src` and `srcset` name."""
    next: str | None = None
    """Where `rel="next"` leads."""

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
        if tag == "a" and at.get("href"):
            self.links.append(at["href"])
        elif (tag == "link" and at.get("rel") in {"stylesheet", "icon"}) or (tag == "script" and at.get("src")):
            self.assets.append(at.get("href") or at.get("src", ""))
        elif tag in {"img", "source"}:
            sizes = [size.split()[0] for size in at.get("srcset", "").split(",") if size.strip()]
            self.pictures += [address for address in (at.get("src"), *sizes) if address]
