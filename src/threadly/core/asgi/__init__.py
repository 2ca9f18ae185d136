"""ASGI without a framework: its types, strict query strings, bounds, and who is asking."""

from threadly.core.asgi.body import BodyIncomplete, BodyLimit, BodyTooLarge, Metered, bounded_body, metered, whole_body
from threadly.core.asgi.bounds import (
    Bounds,
    EncodingUnread,
    FramingRefused,
    HeadersTooLarge,
    UrlTooLong,
    closing,
    length_of,
)
from threadly.core.asgi.clients import UNIX_SOCKET, ClientAddress, Network, Peer, Proxies
from threadly.core.asgi.conditional import entity_tag, is_known
from threadly.core.asgi.cookies import READ_AFTER_COOKIES, SESSION_COOKIES, SessionCookie, has_session
from threadly.core.asgi.headers import Headers, headers_by_name
from threadly.core.asgi.living import Living
from threadly.core.asgi.onlookers import Onlooker, onlooker
from threadly.core.asgi.query import (
    MOST_VALUES,
    ParameterInvalid,
    ParameterMalformed,
    ParameterRepeated,
    ParameterUnknown,
    QueryTooLong,
    integer,
    pairs,
    parse_lists,
    parse_query,
    shown,
    whole_number,
)
from threadly.core.asgi.stopping import STOPPING, stopping
from threadly.core.asgi.timely import Timely
from threadly.core.asgi.types import ASGIApp, Message, Receive, Scope, Send

__all__ = [
    "MOST_VALUES",
    "READ_AFTER_COOKIES",
    "SESSION_COOKIES",
    "STOPPING",
    "UNIX_SOCKET",
    "ASGIApp",
    "BodyIncomplete",
    "BodyLimit",
    "BodyTooLarge",
    "Bounds",
    "ClientAddress",
    "EncodingUnread",
    "FramingRefused",
    "Headers",
    "HeadersTooLarge",
    "Living",
    "Message",
    "Metered",
    "Network",
    "Onlooker",
    "ParameterInvalid",
    "ParameterMalformed",
    "ParameterRepeated",
    "ParameterUnknown",
    "Peer",
    "Proxies",
    "QueryTooLong",
    "Receive",
    "Scope",
    "Send",
    "SessionCookie",
    "Timely",
    "UrlTooLong",
    "bounded_body",
    "closing",
    "entity_tag",
    "has_session",
    "headers_by_name",
    "integer",
    "is_known",
    "length_of",
    "metered",
    "onlooker",
    "pairs",
    "parse_lists",
    "parse_query",
    "shown",
    "stopping",
    "whole_body",
    "whole_number",
]
