"""The query strings of pages: as strict as the API's, but for what others hang on a link that is shared."""

import re
from collections.abc import Collection
from typing import Final

from threadly.core.asgi import parse_lists, parse_query

_CAMPAIGN: Final = re.compile(
    rb"(?:utm_[a-z_]+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|ttclid|twclid|igsh(?:id)?|mc_[ce]id)(?:=.*)?"
)
"""What mail programs, networks and advertisers add to follow a visitor. It means nothing to us, and breaks nothing."""


def read_query(raw: bytes, allowed: Collection[str]) -> dict[str, str]:
    """The parameters of a page's address.

    Raises:
        Invalid: One is unknown, given twice or unreadable; see `core.asgi.parse_query`.
    """
    return parse_query(own_query(raw), allowed) if raw else {}


def read_lists(
    raw: bytes, allowed: Collection[str], lists: Collection[str]
) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """The parameters of a page's address, and those that may repeat.

    Raises:
        Invalid: One is unknown, given too often or unreadable; see `core.asgi.parse_lists`.
    """
    return parse_lists(own_query(raw), allowed, lists)


def own_query(raw: bytes) -> bytes:
    """What is ours of a query string."""
    return b"&".join([pair for pair in raw.split(b"&") if not _CAMPAIGN.fullmatch(pair)]) if raw else raw
