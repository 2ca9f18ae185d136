"""Asks addresses that others have named, and nothing but servers of the public internet (against SSRF).

    outgoing = Outgoing()
    answer = await outgoing.get(url)                    # a picture that somebody links to
    answer = await outgoing.post(url, body=…)           # a webhook; never led on

Guaranteed: an address is read once, its name is looked up once, each number that comes of that is public, and the
connection goes to one of these and to no other; each redirect is a new address. Bytes, seconds and redirects are
bounded; certificates are those of the name; nobody's proxy, credentials or cookies are used. Not guaranteed: that a
public server is a harmless one, or that it does not ask yours in turn.
"""

from threadly.core.security.outgoing.client import Answer, Outgoing
from threadly.core.security.outgoing.errors import AddressRefused, AddressUnanswered, AnswerTooLarge, Reason
from threadly.core.security.outgoing.names import Resolver, system_resolver
from threadly.core.security.outgoing.numbers import is_public

__all__ = [
    "AddressRefused",
    "AddressUnanswered",
    "Answer",
    "AnswerTooLarge",
    "Outgoing",
    "Reason",
    "Resolver",
    "is_public",
    "system_resolver",
]
