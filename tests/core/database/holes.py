"""Servers that take connections and say nothing."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit


@asynccontextmanager
async def behind_a_black_hole(url: str) -> AsyncIterator[str]:
    """The address of a server that takes connections and says nothing, and then of this one."""
    parts = urlsplit(url)
    socket_folder = parts.query.removeprefix("host=")
    with socket.create_server(("127.0.0.1", 0)) as hole:
        hosts = f"host=127.0.0.1,{socket_folder}&port={hole.getsockname()[1]},5432"
        yield parts._replace(query=hosts).geturl().replace("postgresql:///", "postgresql://")
