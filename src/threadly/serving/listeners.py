"""The address of a web server: claimed for it alone, with a listening socket for each worker.

The first socket is bound and made to listen *without* SO_REUSEPORT, which the system grants to one process only. Then
it is opened to further sockets of ours, one a worker, and Linux spreads new connections evenly over them (several
workers on one socket do not share evenly: measured 93 to 7). The supervisor keeps all of them open, so a connection
that arrives while a worker is being replaced waits instead of being refused.
"""

import errno
import socket
import sys
from dataclasses import dataclass

from threadly.serving.errors import AddressNotUsable, PortTaken

_UNREAD_MILLISECONDS = 30_000
"""For so long a client may read nothing of an answer; then it makes room."""
_SPREADS_CONNECTIONS = sys.platform == "linux"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens; port 0 asks for any that is free."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """As a person would type it into a browser on this machine."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104  compared, not bound
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


class Listeners:
    """The sockets of one address, by the number of the worker that accepts from it."""

    def __init__(self, address: Address, *, count: int, backlog: int) -> None:
        """Claims the address.

        Raises:
            PortTaken: Somebody else listens there.
            AddressNotUsable: It is not an address of this machine, or not allowed to us.
        """
        self._backlog = backlog
        self._family, self._place = _resolve(address)
        try:
            first = self._open(shared=False)
        except OSError as refused:
            if refused.errno == errno.EADDRINUSE:
                raise PortTaken(address.host, address.port) from None
            raise AddressNotUsable(address.host, address.port, refused.strerror or str(refused)) from None
        self._place = first.getsockname()
        self.address = Address(address.host, self._place[1])
        self._apart = _SPREADS_CONNECTIONS and count > 1
        self._sockets = dict.fromkeys(range(count), first)
        if self._apart:
            first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            for worker in range(1, count):
                self._sockets[worker] = self._open(shared=True)

    def of(self, worker: int) -> socket.socket:
        """The socket from which this worker accepts."""
        if worker not in self._sockets:
            self._sockets[worker] = self._open(shared=True)
        return self._sockets[worker]

    def give_up(self, worker: int) -> None:
        """Lets the other workers have what would wait for this one; `of` opens its socket anew."""
        if self._apart and len(self._sockets) > 1 and worker in self._sockets:
            self._sockets.pop(worker).close()

    def close(self) -> None:
        """Accepts nothing more; what the workers accepted stays open."""
        for listening in self._sockets.values():
            listening.close()

    def _open(self, *, shared: bool) -> socket.socket:
        opened = socket.socket(self._family, socket.SOCK_STREAM)
        try:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # or a restart must wait for old connections
            if sys.platform == "linux":  # what is accepted inherits it
                opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNREAD_MILLISECONDS)
            if shared:
                opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            opened.bind(self._place)
            opened.listen(self._backlog)
        except OSError:
            opened.close()
            raise
        return opened


def _resolve(address: Address) -> tuple[socket.AddressFamily, tuple[str, int] | tuple[str, int, int, int]]:
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as unknown:
        raise AddressNotUsable(address.host, address.port, unknown.strerror or str(unknown)) from None
    family, _, _, _, place = found[0]
    return family, place  # type: ignore[return-value]  # for these families it is one of the two
