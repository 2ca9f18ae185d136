"""What stands around a marketplace: caches, proxies."""

from datetime import timedelta
from ipaddress import ip_network
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator

from threadly.core.asgi import UNIX_SOCKET, Network
from threadly.core.config import Secret, Section, address_of, expect_port, listed, spelled


class CacheSettings(Section):
    """Which Valkey or Redis to use."""

    url: Annotated[Secret, address_of("redis", "rediss", "unix")] = Field(examples=["redis://127.0.0.1:6379/0"])
    """Valkey or Redis 7 or newer. With a password: redis://:password@host:6379/0; by a socket:
    unix://:password@/path/to.sock."""


def _network(given: object) -> Network | str:
    try:
        return UNIX_SOCKET if given == UNIX_SOCKET else ip_network(str(given))  # a bare number is no text of one
    except ValueError:  # which quotes what was given
        raise ValueError("is no address, and no network without a bit behind its mask") from None


_HOST: Final = spelled(
    r"(\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)(:\d{1,5})?",
    form="a host in small letters, perhaps with a port",
    example="www.shop.example",
)


class ServerSettings(Section):
    """What stands between browsers and us."""

    trusted_proxies: Annotated[
        tuple[Annotated[Network | str, PlainValidator(_network)], ...], BeforeValidator(listed)
    ] = Field(default=(), examples=["127.0.0.1"])
    """The proxies in front of us, by address or network, separated by commas: 127.0.0.1,10.0.0.0/8,2001:db8::/48;
    `unix` for whoever connects by a socket in the file system. Of these alone we believe X-Forwarded-For and
    X-Forwarded-Proto. Where none is named, all visitors behind a proxy have its address, and a shop whose address
    begins with https:// answers nobody: each request seems to come by http, and is led to https."""

    hosts: Annotated[tuple[Annotated[str, _HOST, AfterValidator(expect_port)], ...], BeforeValidator(listed)] = Field(
        default=(), examples=["www.shop.example,192.0.2.7:8000"]
    )
    """Further hosts at which the shop is asked, beside that of THREADLY_SITE__URL, separated by commas; each with its
    port, if it has one. Any other is refused, but for the probes /livez and /readyz."""

    workers: int | None = Field(default=None, ge=1, le=256, examples=["4"])
    """Processes of `threadly serve` that answer; as many as there are processors, if not said. Its option `--workers`
    wins."""

    machines: int = Field(default=1, ge=1, le=1000)
    """Machines, or containers, on which `threadly serve` runs; counted against THREADLY_DATABASE__CONNECTIONS."""

    deadline: timedelta = Field(default=timedelta(seconds=10), ge=timedelta(milliseconds=100), le=timedelta(hours=1))
    """How long a request may wait for the database in all, from the last byte that the client sends: for connections
    and for all its statements. Then it is refused with 503, and what still runs for it is ended."""

    drain: timedelta = Field(default=timedelta(seconds=10), ge=timedelta(0), le=timedelta(hours=1))
    """How long requests under way may take to finish when `threadly serve` is told to stop. Its option `--drain`
    wins."""

    memory_mib: int | None = Field(default=None, ge=256, examples=["4096"])
    """Memory that each machine has for `threadly serve`, in MiB, if it should be compared with what it may take."""
