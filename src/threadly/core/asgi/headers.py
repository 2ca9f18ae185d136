"""The headers of a request by their names: gone through once, whoever asks.

    sent = headers_by_name(scope)
    host = sent.get(b"host")            # None where there is none, and where there are several
    kinds = sent.all(b"if-none-match")  # each, in the order in which they were sent

Guaranteed: `get` gives no value of a name that stands there twice; who takes the `first` of several instead says why it
does no harm. Whoever changes a request puts another list into a scope of their own, as ASGI has it: that is gone
through anew. Not guaranteed: that a list is looked at again which somebody has changed in its place.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from threadly.core.asgi.types import Scope

_KEPT: Final = "threadly.headers"
_COOKIE: Final = b"cookie"
_NONE: Final[Mapping[bytes, list[bytes]]] = {}


class Headers(dict[bytes, bytes]):
    """The value of each that stands there once."""

    __slots__ = ("_cookies", "of", "repeated")

    def __init__(self, of: Sequence[tuple[bytes, bytes]]) -> None:
        super().__init__(of)
        self.of = of
        self.repeated: Mapping[bytes, list[bytes]] = _NONE
        """All values of each other one, in the order in which they were sent."""
        self._cookies: dict[bytes, bytes] | None = None
        if len(self) < len(of):
            self.repeated = _repeated(of)
            for name in self.repeated:
                del self[name]

    def all(self, name: bytes) -> list[bytes]:
        """All values of this name, in order."""
        value = self.get(name)
        return self.repeated.get(name, []) if value is None else [value]

    def first(self, name: bytes) -> bytes | None:
        """The first of this name."""
        value = self.get(name)
        return self.repeated[name][0] if value is None and name in self.repeated else value

    def text(self, name: bytes) -> str:
        """The first of this name as text; "" where there is none."""
        return (self.first(name) or b"").decode("latin-1")

    @property
    def cookies(self) -> dict[bytes, bytes]:
        """Each by its name, the first of those that share one. HTTP/2 may send them in several headers."""
        if self._cookies is None:
            self._cookies = {}
            for line in self.all(_COOKIE):
                for pair in line.split(b";"):
                    name, _, value = pair.partition(b"=")
                    self._cookies.setdefault(name.strip(), value.strip())
        return self._cookies


def headers_by_name(scope: Scope) -> Headers:
    """Those of a request, as they were sent: names in lower case, as servers give them."""
    kept: Headers | None = scope.get(_KEPT)
    if kept is None or kept.of is not scope["headers"]:
        kept = scope[_KEPT] = Headers(scope["headers"])
    return kept


def _repeated(headers: Iterable[tuple[bytes, bytes]]) -> dict[bytes, list[bytes]]:
    values: dict[bytes, list[bytes]] = {}
    for name, value in headers:
        values.setdefault(name, []).append(value)
    return {name: several for name, several in values.items() if len(several) > 1}
