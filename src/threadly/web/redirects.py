"""Ways on: after a form, to the page that asks for signing in, and back to where somebody came from.

An address that a visitor's browser brings along (`next`) leads to a page of this site or is not followed: else a link
to our sign-in page could end at somebody else's, made to look like ours. Nobody can forget that: all ways on are made
here, and lead to the front page if they would lead elsewhere. The habit `ways-on-stay-here` keeps the header here.
"""

import re
from typing import Final, NewType
from urllib.parse import quote, urlsplit

from litestar.response.base import ASGIResponse

from threadly.web.pages import PRIVATE, AnyRequest

FRONT_PAGE: Final = "/"
SIGN_IN: Final = "/sign-in"
HEART: Final = "heart-"
"""What the id of a listing's heart begins with, on every page that shows it."""

_HEARTS: Final = re.compile(r"/listings/([0-9a-f-]{36})/(?:un)?heart")
_MOST_CHARACTERS: Final = 2000
# One slash, and then neither a second one nor a backslash, which browsers read as one; printable ASCII throughout, as
# addresses are written, so that nothing is there which browsers leave out (tab, line feed) before they read it.
_OURS: Final = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")


SafePath = NewType("SafePath", str)
"""An address that leads from any page of this site to another one, however a browser reads it."""


def same_site(address: str | None) -> SafePath | None:
    """The address, if it leads from any page of this site to another one; else None."""
    if address is None or len(address) > _MOST_CHARACTERS:
        return None
    return SafePath(address) if _OURS.fullmatch(address) else None


def see_other(address: str, *, cookie: str | None = None) -> ASGIResponse:
    """Sends a browser on with a GET, so that loading the next page again sends no form again.

    Args:
        address: Of a page of this site; the front page's counts for any other.
        cookie: What `Set-Cookie` is to say.
    """
    headers = {"location": same_site(address) or FRONT_PAGE, "cache-control": PRIVATE, "content-length": "0"}
    return ASGIResponse(status_code=303, headers=headers | ({"set-cookie": cookie} if cookie else {}))


def to_sign_in(request: AnyRequest) -> ASGIResponse:
    """Asks for signing in, and remembers the page: the one that was asked for, or the one whose form was sent.

    Who pressed a heart comes back to that heart.
    htmx is told by a header, since it would put the page that a redirect leads to in the place of a part.
    """
    is_part = request.headers.get("hx-request") == "true"
    address = f"{SIGN_IN}?next={quote(_page(request, is_part=is_part), safe='/')}"
    if is_part:
        return ASGIResponse(status_code=204, headers={"hx-redirect": address, "cache-control": PRIVATE})
    return see_other(address)


def again(request: AnyRequest) -> str:
    """Where what was refused can be tried again: at the same address, or from the page whose form was sent."""
    return "" if request.method in {"GET", "HEAD"} else _page(request, is_part=False)


def _page(request: AnyRequest, *, is_part: bool) -> str:
    """The page that a visitor is at, or wants to be at."""
    if request.method in {"GET", "HEAD"} and not is_part:
        query = request.scope["query_string"].decode("latin-1")
        path = quote(request.scope["path"], safe="/")
        return same_site(f"{path}?{query}" if query else path) or FRONT_PAGE
    try:
        shown = urlsplit(request.headers.get("hx-current-url") or request.headers.get("referer", ""))
    except ValueError:  # half of an address of IP version 6
        return FRONT_PAGE
    if shown.netloc != request.headers.get("host"):
        return FRONT_PAGE
    hearts = _HEARTS.fullmatch(request.scope["path"])
    place = f"#{HEART}{hearts[1]}" if hearts else ""
    return same_site((f"{shown.path}?{shown.query}" if shown.query else shown.path) + place) or FRONT_PAGE
