"""What stands around a marketplace: caches, proxies, secrets."""

from datetime import timedelta
from ipaddress import ip_network
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainValidator

from threadly.core.asgi import UNIX_SOCKET, Network
from threadly.core.config import Secret, Section, address_of, listed


class CacheSettings(Section):
    """Which Valkey or Redis to use."""

    url: Annotated[Secret, address_of("redis", "rediss", "unix")] = Field(examples=["redis://127.0.0.1:6379/0"])
    """Valkey or Redis 7 or newer. With a password: redis://:password@host:6379/0; by a socket:
    unix://:password@/path/to.sock."""


class SecuritySettings(Section):
    """Secrets that sign what travels through other hands."""

    secret: Secret = Field(min_length=32, json_schema_extra={"made_by": "openssl rand -base64 32"})
    """Signs cursors, hides who looked at what."""


def _network(given: object) -> Network | str:
    try:
        return UNIX_SOCKET if given == UNIX_SOCKET else ip_network(str(given))  # a bare number is no text of one
    except ValueError:  # which quotes what was given
        raise ValueError("is no address, and no network without a bit behind its mask") from None


class ServerSettings(Section):
    """What stands between browsers and us."""

    trusted_proxies: Annotated[
        tuple[Annotated[Network | str, PlainValidator(_network)], ...], BeforeValidator(listed)
    ] = Field(default=(), examples=["127.0.0.1,10.0.0.0/8"])
    """The proxies in front of us, by address or network, separated by commas: 127.0.0.1,10.0.0.0/8,2001:db8::/48;
    `unix` for whoever connects by a socket in the file system. Of these alone we believe X-Forwarded-For and
    X-Forwarded-Proto; where none is named, all visitors behind a proxy have its address."""

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
