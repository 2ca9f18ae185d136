"""Servers outside and inside, and a client that may ask the one outside."""

import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from tests.core.security.outgoing.certificates import signed_for
from tests.core.security.outgoing.dns import NameServer
from tests.core.security.outgoing.pack import OUTSIDE_NAMES
from tests.core.security.outgoing.servers import MOST, OUTSIDE, SILENT, Servers, both
from threadly.core.security.outgoing import Outgoing


@dataclass
class Net:
    """All that a case needs."""

    servers: Servers
    names: NameServer
    trust: ssl.SSLContext

    def client(self, **facts: Any) -> Outgoing:  # noqa: ANN401
        """As the application's would be, but that one address of this machine counts as outside."""
        usual: dict[str, Any] = {
            "schemes": ("https", "http"),
            "ports": (443, 80, self.servers.port, self.servers.tls_port),
            "most_bytes": MOST,
            "longest": timedelta(seconds=1),
            "resolver": self.names.resolver,
            "allowed": [ip_network(OUTSIDE), ip_network(SILENT)],
            "tls": self.trust,
        }
        return Outgoing(**(usual | facts))

    def filled(self, text: str) -> str:
        return text.replace("{P}", str(self.servers.port)).replace("{T}", str(self.servers.tls_port))


@pytest.fixture
async def net(tmp_path: Path) -> AsyncIterator[Net]:
    own, trust = signed_for("shop.example", tmp_path)
    zone = {name: [[OUTSIDE]] for name in OUTSIDE_NAMES} | {"two.example": [[SILENT, OUTSIDE]]}
    async with both(own) as servers, NameServer(zone).running() as names:
        yield Net(servers, names, trust)
