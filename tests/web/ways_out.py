"""Addresses by which somebody is sent to another site's page, and how browsers read addresses."""

import re
from typing import Final
from urllib.parse import urljoin, urlsplit

HERE: Final = "http://shop.test/bg/sign-in?next=x"
EVIL: Final = "evil.example"

WAYS_OUT: Final = (
    "https://evil.example/", "http://evil.example", "HTTPS://evil.example", "https:evil.example", "https:/evil.example",
    "https:///evil.example", "//evil.example", "///evil.example", "////evil.example", "/\\evil.example",
    "\\/evil.example", "\\\\evil.example", "/\\/evil.example", "//\\evil.example", "\\evil.example", "/\t/evil.example",
    "/\n/evil.example", "/\r\n/evil.example", "\t//evil.example", " //evil.example", "\x00//evil.example",
    "\x1f/\\evil.example", "/\x0b/evil.example", "//evil.example\\@shop.test", "//shop.test@evil.example",
    "https://shop.test@evil.example", "https://shop.test.evil.example", "https://shop.test%40evil.example",
    "//evil%2eexample", "//\u3002evil.example", "/\uff0fevil.example", "\uff0f\uff0fevil.example",
    "/\u2215/evil.example", "/\u2044evil.example", "//evil\u3002example", "/%0d%0alocation:%20//evil.example",
    "/\r\nlocation: //evil.example", "/a\r\nset-cookie: threadly_session=x", "%2f%2fevil.example", "%5cevil.example",
    "javascript:alert(1)", "java\tscript:alert(1)", "JaVaScRiPt:alert(1)", "javascript://shop.test/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>", "vbscript:msgbox(1)", "blob:https://evil.example/1",
    "mailto:me@evil.example", ".evil.example", "@evil.example", ":80@evil.example", "?next=//evil.example",
    "#//evil.example", "evil.example", "/..//evil.example", "/.//evil.example", "/a/../..//evil.example",
    "/;@evil.example", "/@evil.example", "/https://evil.example", "/?//evil.example", "/" + "/evil.example" * 200,
)  # fmt: skip


def lands_at(location: str) -> str | None:
    """The scheme and host that a browser asks next, by the URL standard; None for what it does not ask at all."""
    stripped = location.strip("".join(map(chr, range(0x21))))
    read = re.sub(r"[\t\r\n]", "", stripped)
    if re.match(r"(?!https?:)[a-z][a-z0-9+.-]*:", read, re.IGNORECASE):
        return None
    read = re.sub(r"^(https?):[\\/]*", r"\1://", read, flags=re.IGNORECASE)
    read = re.sub(r"^[\\/]{2,}", "//", read.replace("\\", "/") if "?" not in read else read)
    parts = urlsplit(urljoin(HERE, read))
    return f"{parts.scheme}://{parts.hostname}"
