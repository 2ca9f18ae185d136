"""Asks, over connections to the numbers that were checked."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urljoin

import httpcore

from threadly.core.asgi import Network
from threadly.core.security.outgoing.errors import AddressRefused, AddressUnanswered, AnswerTooLarge, Reason
from threadly.core.security.outgoing.names import Checked, Resolver, system_resolver
from threadly.core.security.outgoing.targets import Target, target

MiB: Final = 1 << 20

_NOTHING: Final[Mapping[str, str]] = {}
_LEADS_ON: Final = frozenset({301, 302, 303, 307, 308})
_OURS: Final = {"accept": "*/*", "accept-encoding": "identity", "user-agent": "Threadly"}
_SET_BY_US: Final = frozenset({"host", "accept-encoding", "connection", "content-length", "transfer-encoding"})
_PACKED: Final = frozenset({"", "identity"})
_FIVE_SECONDS: Final = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said."""

    status: int
    headers: Mapping[str, str]
    """By their names in small letters; of several, the first."""
    body: bytes
    url: str
    """Where it came from, after all redirects."""

    @property
    def is_success(self) -> bool:
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


class Outgoing:
    """Asks addresses that others have named. Belongs to one event loop; keeps no connection.

    Args:
        schemes: `https`, and `http` where a picture may come so; nothing leads from the one to the other.
        ports: Where servers listen that people mean.
        most_bytes: Of a body.
        longest: For all of it: looking up, connecting, redirects, reading.
        most_redirects: Of a `get`; a `post` is never led on.
        most_at_once: Connections; who comes then waits, within `longest`.
        resolver: Looks names up.
        refused: One's own networks, which are public by number.
        allowed: Networks that are asked although they are not public.
        tls: Whom to trust; certificates are compared with the name, whatever it says.
    """

    def __init__(
        self,
        *,
        schemes: Collection[str] = ("https",),
        ports: Collection[int] = (443, 80),
        most_bytes: int = 5 * MiB,
        longest: timedelta = _FIVE_SECONDS,
        most_redirects: int = 3,
        most_at_once: int = 20,
        resolver: Resolver = system_resolver,
        refused: Collection[Network] = (),
        allowed: Collection[Network] = (),
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._schemes = frozenset(schemes)
        self._ports = frozenset(ports)
        self._most_bytes = most_bytes
        self._seconds = longest.total_seconds()
        self._most_redirects = most_redirects
        context = tls or httpcore.default_ssl_context()
        context.check_hostname, context.verify_mode = True, ssl.CERT_REQUIRED
        checked = Checked(resolver, refused=refused, allowed=allowed)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            max_connections=most_at_once,
            max_keepalive_connections=0,
            network_backend=_ToChecked(checked),
        )

    async def get(self, url: str, *, headers: Mapping[str, str] = _NOTHING) -> Answer:
        """What is there, wherever it leads.

        Args:
            headers: For this very server: another that it leads to is not sent them.

        Raises:
            AddressRefused: This, or where it leads, is not for us to ask.
            AddressUnanswered: Nobody answered, in time or as one should.
            AnswerTooLarge: More than `most_bytes`.
        """
        async with self._in_time():
            first = place = target(url, schemes=self._schemes, ports=self._ports)
            for _ in range(self._most_redirects + 1):
                own = headers if place.origin == first.origin else _NOTHING
                answer = await self._ask("GET", place, own, b"")
                if answer.status not in _LEADS_ON or not (there := answer.headers.get("location")):
                    return answer
                place = self._next(place, there)
            raise AddressRefused(Reason.REDIRECTS)

    async def post(self, url: str, *, body: bytes, headers: Mapping[str, str] = _NOTHING) -> Answer:
        """Tells a server something; one that leads on is not followed, and its answer is that.

        Raises:
            AddressRefused, AddressUnanswered, AnswerTooLarge: As of `get`.
        """
        async with self._in_time():
            place = target(url, schemes=self._schemes, ports=self._ports)
            return await self._ask("POST", place, headers, body)

    def check(self, url: str) -> None:
        """Whether an address may be kept, to be asked later; where its name leads is seen only then.

        Raises:
            AddressRefused: It can never be asked.
        """
        target(url, schemes=self._schemes, ports=self._ports)

    async def close(self) -> None:
        """Ends what is under way."""
        await self._pool.aclose()

    def _next(self, place: Target, location: str) -> Target:
        try:
            joined = urljoin(place.url, location)
        except ValueError:  # `http://[`
            raise AddressRefused(Reason.FORM) from None
        there = target(joined, schemes=self._schemes, ports=self._ports)
        if place.scheme == "https" != there.scheme:
            raise AddressRefused(Reason.REDIRECTS)
        return there

    @asynccontextmanager
    async def _in_time(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._seconds):
                yield
        except (TimeoutError, OSError, httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError):
            raise AddressUnanswered from None

    async def _ask(self, method: str, place: Target, headers: Mapping[str, str], body: bytes) -> Answer:
        own = {name.lower(): value for name, value in headers.items() if name.lower() not in _SET_BY_US}
        url = httpcore.URL(
            scheme=place.scheme.encode(), host=place.host.encode(), port=place.port, target=place.path.encode()
        )
        async with self._pool.stream(
            method, url, headers=list((_OURS | own).items()), content=body or None
        ) as response:
            told: dict[str, str] = {}
            for name, value in response.headers:
                told.setdefault(name.decode("latin-1").lower(), value.decode("latin-1"))
            return Answer(response.status, told, await self._read(response, told), place.url)

    async def _read(self, response: httpcore.Response, told: Mapping[str, str]) -> bytes:
        length = told.get("content-length", "0")
        if told.get("content-encoding", "").strip().lower() not in _PACKED:  # which we did not ask for
            raise AnswerTooLarge
        if not length.isdecimal() or int(length) > self._most_bytes:
            raise AnswerTooLarge
        read = bytearray()
        async for chunk in response.aiter_stream():
            read += chunk
            if len(read) > self._most_bytes:
                raise AnswerTooLarge
        return bytes(read)


class _ToChecked(httpcore.AsyncNetworkBackend):
    """Connects to the numbers of a name that were checked, to nothing else, and looks the name up but once."""

    def __init__(self, checked: Checked) -> None:
        self._checked = checked
        self._under = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  of the interface
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        *others, last = await self._checked.numbers(host)
        for number in others:
            try:
                async with asyncio.timeout(1.0):  # the others have their turn
                    return await self._under.connect_tcp(number, port, timeout, local_address, socket_options)
            except (OSError, TimeoutError, httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._under.connect_tcp(last, port, timeout, local_address, socket_options)

    async def connect_unix_socket(self, *_: object, **__: object) -> httpcore.AsyncNetworkStream:
        """Never."""
        raise AddressRefused(Reason.PRIVATE)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
