"""Attacks and honest requests, in one table: what another site, a neighbour or a forger sends, and what people do.

Who is attacked has signed in, unless it is said otherwise. A token is said by whose it is, so that anything that makes
tokens can be tried on the same table (benchmarks/csrf.py).
"""

from dataclasses import dataclass
from typing import Final, Literal

SITE: Final = "https://shop.example"
SESSION: Final = "victims-session-000000000000000000000000000"
OTHER: Final = "attackers-session-0000000000000000000000000"
COOKIE: Final = f"__Host-threadly_session={SESSION}"
SEEN: Final = "__Host-threadly_read_after=abc"
FORM: Final = "application/x-www-form-urlencoded"
PARTS: Final = "multipart/form-data; boundary=limit"

Token = Literal["own", "other's", "earlier", "foreign", "short", "flipped", "upper", "garbage", "empty"]
Place = Literal["header", "form", "parts", "query", "cookie", "text", "late"]


@dataclass(frozen=True, slots=True)
class Case:
    """A request."""

    name: str
    headers: tuple[tuple[str, str], ...] = ()
    method: str = "POST"
    cookie: str | None = COOKIE
    host: str = "shop.example"
    token: Token | None = None
    place: Place = "header"
    kind: str | None = None
    from_page: bool = False
    """Whether it is a page of ours that sends it, and so may hold whatever a defence puts into pages."""
    planted: bool = False
    """Whether a neighbour has planted a cookie of their own, with all that belongs to it."""
    chunks: int = 1


def _said(name: str, site: str | None = None, origin: str | None = None, **facts: object) -> Case:
    headers = [("sec-fetch-site", site)] if site is not None else []
    headers += [("origin", origin)] if origin is not None else []
    return Case(name, tuple(headers), **facts)  # type: ignore[arg-type]


EVIL: Final = "https://evil.example"

ATTACKS: Final = (
    # By a browser of today.
    _said("another site's form", "cross-site", EVIL, kind=FORM),
    _said("another site's upload", "cross-site", EVIL, kind=PARTS),
    _said("another site's script, as plain text", "cross-site", EVIL, kind="text/plain"),
    _said("another site, by DELETE", "cross-site", EVIL, method="DELETE"),
    _said("another site, by a method that nobody knows", "cross-site", EVIL, method="PROPFIND"),
    _said("another site, by a method in small letters", "cross-site", EVIL, method="post"),
    _said("another site signs somebody in", "cross-site", EVIL, cookie=None, kind=FORM),
    _said("a sandboxed frame", "cross-site", "null"),
    _said("another site that hides its origin", "cross-site"),
    _said("a neighbour's domain", "same-site", "https://blog.shop.example"),
    _said("a neighbour's domain that hides its origin", "same-site"),
    _said("another port of ours", "same-site", f"{SITE}:8443"),
    _said("our own name by http, from the network", "cross-site", "http://shop.example"),
    _said("another site, by an origin that a proxy forges", "cross-site", SITE),
    _said("a neighbour, by an origin that a proxy forges", "same-site", SITE),
    _said("another site, by a proxy that forges Sec-Fetch-Site", "same-origin", EVIL),
    _said("a neighbour, by a proxy that forges Sec-Fetch-Site", "same-origin", "https://blog.shop.example"),
    _said("another site, as if somebody had typed it", "none", EVIL),
    _said("nobody's page, as if somebody had typed it", "none", "null"),
    Case("Sec-Fetch-Site twice", (("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site"))),
    Case("two origins", (("origin", SITE), ("origin", EVIL))),
    Case("two hosts", (("host", "evil.example"), ("origin", SITE))),
    _said("two words in one", "same-origin, cross-site"),
    _said("a word that browsers do not say", "Same-Origin"),
    _said("a word that nobody knows", "same-party"),
    _said("no word", ""),
    Case("a method that claims to be another", (("origin", EVIL), ("x-http-method-override", "GET"))),
    # By a browser that sends no Sec-Fetch-Site: old ones, or behind a proxy that strips it.
    _said("another site's origin", origin=EVIL),
    _said("nobody's origin", origin="null"),
    _said("no origin", origin=""),
    _said("a neighbour's origin", origin="https://www.shop.example"),
    _said("our name by http", origin="http://shop.example"),
    _said("our name at another port", origin=f"{SITE}:8443"),
    _said("our name with the port that goes without saying", origin=f"{SITE}:443"),
    _said("a name that begins like ours", origin=f"{SITE}.evil.example"),
    _said("a name that ends like ours", origin="https://evil-shop.example"),
    _said("our name as a user's", origin=f"{SITE}@evil.example"),
    _said("a user at our name", origin="https://evil@shop.example"),
    _said("our name and a path", origin=f"{SITE}/"),
    _said("our name and a dot", origin=f"{SITE}."),
    _said("our name in capitals", origin="HTTPS://SHOP.EXAMPLE"),
    _said("our name without a scheme", origin="shop.example"),
    _said("our name by another scheme", origin="file://shop.example"),
    _said("our name and another in one", origin=f"{SITE} {EVIL}"),
    _said("a name that looks like ours", origin="https://xn--shp-9oa.example"),
    _said("a name that leads here", origin=EVIL, host="evil.example"),
    _said("a name that leads here, by a browser of today", "same-origin", EVIL, host="evil.example"),
    # By a browser that says nothing.
    Case("nothing shown", kind=FORM),
    Case("nothing shown, as plain text", kind="text/plain"),
    Case("nothing shown, with a cookie that is no session", cookie="theme=dark", kind=FORM),
    Case("an empty token", token="empty"),
    Case("a token of the right length", token="garbage"),
    Case("a token of the right length in a form", token="garbage", place="form"),
    Case("the attacker's token", token="other's"),
    Case("the attacker's token in a form", token="other's", place="form"),
    Case("the attacker's token in an upload", token="other's", place="parts"),
    Case("the attacker's token in plain text", token="other's", place="text"),
    Case("a planted cookie and what belongs to it", token="other's", place="form", planted=True),
    Case("the token of an earlier session", token="earlier"),
    Case("a token by another key", token="foreign"),
    Case("a token cut short", token="short"),
    Case("a token with one sign changed", token="flipped"),
    Case("a token in capitals", token="upper"),
    Case("a token in the address", token="own", place="query", kind=FORM),
    Case("a token in a cookie", token="own", place="cookie", kind=FORM),
    Case("the cookie of a site without https", cookie=f"threadly_session={SESSION}", token="own"),
)

HONEST: Final = (
    _said("a form", "same-origin", SITE, kind=FORM, from_page=True),
    _said("a form with files", "same-origin", SITE, kind=PARTS, from_page=True),
    _said("a script", "same-origin", SITE, kind="application/json", from_page=True),
    _said("a script that deletes", "same-origin", SITE, method="DELETE", from_page=True),
    _said("a beacon", "same-origin", SITE, kind="text/plain", from_page=True),
    _said("a page that says nothing of where it is", "same-origin", "null", kind=FORM, from_page=True),
    _said("a browser that leaves Origin out", "same-origin", kind=FORM, from_page=True),
    _said("something typed, or from a bookmark", "none", kind=FORM, from_page=True),
    _said("a second host of ours", "same-origin", "https://www.shop.example", host="www.shop.example", from_page=True),
    _said("somebody who signs in", "same-origin", SITE, cookie=None, kind=FORM, from_page=True),
    _said("Safari of 2022", origin=SITE, kind=FORM, from_page=True),
    _said("Safari of 2022, files", origin=SITE, kind=PARTS, from_page=True),
    _said("Safari of 2022, a script", origin=SITE, kind="application/json", from_page=True),
    _said(
        "Safari of 2022, at the second host", origin="https://www.shop.example", host="www.shop.example", from_page=True
    ),
    _said("a port that a proxy adds", origin=SITE, host="shop.example:443", from_page=True),
    Case("an old browser, a form", token="own", place="form", from_page=True),
    Case("an old browser, files", token="own", place="parts", from_page=True),
    Case("an old browser, a script", token="own", kind="application/json", from_page=True),
    Case("an old browser, in small pieces", token="own", place="form", chunks=50, from_page=True),
    Case("an old browser, files, in small pieces", token="own", place="parts", chunks=50, from_page=True),
    Case("an old browser, signed out, signs in", cookie=None, kind=FORM, from_page=True),
    Case("an old browser that has seen something signs in", cookie=SEEN, kind=FORM, from_page=True),
    Case("a program", cookie=None, kind="application/json"),
    Case("a program with a token", (("authorization", "Bearer x"),), cookie=None, method="DELETE"),
    Case("a program that keeps what it has seen", (("authorization", "Bearer x"),), cookie=SEEN, method="PUT"),
    Case("a webhook", (("webhook-signature", "v1,x"),), cookie=None, kind="application/json"),
    _said("a link on another site", "cross-site", method="GET"),
    _said("a preview of a link", "cross-site", EVIL, method="HEAD"),
    _said("a question before a request", "cross-site", EVIL, method="OPTIONS", cookie=None),
)
