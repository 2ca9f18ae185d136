"""The headers of a request by their names: gone through once, whoever asks.

    sent = headers_by_name(scope)
    host = sent.get(b"host")                    # None where there is none, and where there are several
    cookies = b"; ".join(sent.all(b"cookie"))   # HTTP/2 may send them one by one

Guaranteed: what stands there more than once is nobody's single value, so no two who read it take a different one.
Whoever changes a request puts another list into a scope of their own, as ASGI has it: that is gone through anew. Not
guaranteed: that a list is looked at again which somebody has changed in its place.
"""

from collections.abc import Iterable
from typing import Any, Final

from threadly.core.asgi.types import Scope

_KEPT: Final = "threadly.headers"


class Headers(dict[bytes, bytes]):
    """The value of each that stands there once."""

    __slots__ = ("of", "repeated")

    def __init__(self, of: Iterable[Any]) -> None:
        super().__init__(of)
        self.of = of
        self.repeated: dict[bytes, list[bytes]] = {}
        """All values of each other one, in the order in which they were sent."""

    def all(self, name: bytes) -> list[bytes]:
        """All values of this name, in order."""
        value = self.get(name)
        return self.repeated.get(name, []) if value is None else [value]

    def first(self, name: bytes) -> bytes | None:
        """The first of this name."""
        value = self.get(name)
        return self.repeated[name][0] if value is None and name in self.repeated else value


def headers_by_name(scope: Scope) -> Headers:
    """Those of a request, as they were sent: names in lower case, as servers give them."""
    kept: Headers | None = scope.get(_KEPT)
    headers = scope["headers"]
    if kept is not None and kept.of is headers:
        return kept
    found = scope[_KEPT] = Headers(headers)
    if len(found) < len(headers):
        _part(found, headers)
    return found


def _part(found: Headers, headers: Iterable[tuple[bytes, bytes]]) -> None:
    """Takes out what stands there more than once."""
    values: dict[bytes, list[bytes]] = {}
    for name, value in headers:
        values.setdefault(name, []).append(value)
    found.repeated = {name: several for name, several in values.items() if len(several) > 1}
    for name in found.repeated:
        del found[name]
