"""Overhears who is spoken to: by any of this process's sockets, whatever library is above it, in any thread."""

import socket
import ssl
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from types import FrameType
from typing import Any, Final

_SPEAKING: Final = ("connect", "connect_ex", "send", "sendall", "sendmsg", "sendto")
_ENCRYPTED: Final = ("send", "read", "write")  # once it is, these go past those of the plain socket
_DRIVER: Final = "asyncpg."


@contextmanager
def overheard(heard: Callable[[str], None], *, is_wanted: Callable[[], bool]) -> Iterator[None]:
    """While the block lasts, calls `heard` with the address of whoever is spoken to, PostgreSQL excepted.

    Args:
        is_wanted: Asked first, where whoever speaks does so.
    """
    own = {name: getattr(ssl.SSLSocket, name) for name in _ENCRYPTED}
    for name in _SPEAKING:
        setattr(socket.socket, name, _telling(getattr(socket.socket, name), heard, is_wanted))
    for name, method in own.items():
        setattr(ssl.SSLSocket, name, _telling(method, heard, is_wanted))
    try:
        yield
    finally:
        for name in _SPEAKING:
            delattr(socket.socket, name)  # what it inherits is there again
        for name, method in own.items():
            setattr(ssl.SSLSocket, name, method)


def _telling(method: Callable[..., Any], heard: Callable[[str], None], is_wanted: Callable[[], bool]) -> Any:  # noqa: ANN401
    @wraps(method)
    def speaking(self: socket.socket, *what: Any) -> Any:  # noqa: ANN401 - whatever sockets take and give
        if is_wanted() and not _asks_for_the_driver(sys._getframe(1)):  # noqa: SLF001 - documented, if for few
            address = what[0] if method.__name__.startswith("connect") else _peer(self)
            if address:  # a loop wakes itself by sockets that have none
                heard(":".join(map(str, address[:2])) if isinstance(address, tuple) else str(address))
        return method(self, *what)

    return speaking


def _peer(speaker: socket.socket) -> object:
    try:
        return speaker.getpeername()
    except OSError:
        return None


def _asks_for_the_driver(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_globals.get("__name__", "").startswith(_DRIVER):
            return True
        frame = frame.f_back
    return False
