"""Addresses of servers, as settings: read enough to be refused here, and not by a driver that quotes them."""

import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from threadly.core.config.secret import Secret
from threadly.core.config.spelling import expect_one_line

_HOST: Final = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[^][\s:@/?#]*)(?::\d{1,5})?")
_HIGHEST_PORT: Final = 65535
_NEAR: Final = (".internal", ".local", ".localhost", ".lan", ".svc", ".home.arpa")
_UNREADABLE: Final = "has no readable host and port; in a password write / as %2F, @ as %40, ? as %3F, # as %23"


@dataclass(frozen=True, slots=True)
class Addressing:
    """What an address has to look like."""

    schemes: tuple[str, ...]

    @property
    def form(self) -> str:
        """In words."""
        *others, last = (f"{scheme}://" for scheme in self.schemes)
        return f"an address that begins with {', '.join(others)}{' or ' if others else ''}{last}"

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._readable, handler(source))

    def _readable(self, address: Secret) -> Secret:
        scheme, separator, _ = expect_one_line(address.get_secret_value()).partition("://")
        if not separator or scheme not in self.schemes:
            raise PydanticCustomError("address", "should be {form}", {"form": self.form})
        parts = urlsplit(address.get_secret_value())
        is_cut = any(
            "@" in part for part in (parts.path, parts.query, parts.fragment)
        )  # and so it is a password's rest
        if is_cut or not all(_HOST.fullmatch(host) for host in _hosts(address)):
            raise ValueError(_UNREADABLE)
        for host in _hosts(address):
            expect_port(host)
        return address


def address_of(*schemes: str) -> Addressing:
    """Accepts `scheme://user:password@host:port/path` with one of these schemes; several hosts, or none, are fine.

    The refusal repeats nothing: what a driver takes for the port of a mistyped address is often the password.
    """
    return Addressing(schemes)


def expect_port(place: str) -> str:
    """A place, perhaps with a port, as it was given; for an `AfterValidator`.

    Raises:
        ValueError: The port is none that a machine has.
    """
    port = place.rpartition("]")[2].rpartition(":")[2]
    if port.isdecimal() and int(port) > _HIGHEST_PORT:
        raise ValueError(f"has a port beyond {_HIGHEST_PORT}")
    return place


def shown(address: Secret) -> str:
    """An address without who signs in there, and of what is asked only where it is: `postgresql:///shop?host=/run`."""
    parts = urlsplit(address.get_secret_value())
    where = "&".join(f"{name}={value}" for name, value in asked_of(address).items() if name in {"host", "port"})
    return f"{parts.scheme}://{','.join(_hosts(address))}{parts.path}{'?' if where else ''}{where}"


def password_of(address: Secret) -> str:
    """The password in an address, before its host or behind its question mark; empty if there is none."""
    signed_in = urlsplit(address.get_secret_value()).netloc.rpartition("@")[0]
    return unquote(signed_in.partition(":")[2]) or asked_of(address).get("password", "")


def hosts_of(address: Secret) -> list[str]:
    """The hosts in an address, without ports; one that is empty, or a path, stands for a socket on this machine."""
    asked = asked_of(address).get("host")
    named = asked.split(",") if asked else _hosts(address)
    return [re.sub(r":\d+$", "", host).strip("[]").lower() for host in named]


def places_of(address: Secret, *, port: str) -> list[tuple[str, str]]:
    """Each host in an address with its port, which is this one where none is written."""
    asked = asked_of(address)
    if "host" not in asked:
        return [(host.lower(), own or port) for host, own in map(_split, _hosts(address))]
    hosts, ports = asked["host"].split(","), asked.get("port", port).split(",")
    return [(host, ports[at % len(ports)] or port) for at, host in enumerate(hosts)]


def asked_of(address: Secret) -> dict[str, str]:
    """What stands behind the question mark."""
    return dict(parse_qsl(urlsplit(address.get_secret_value()).query))


def is_near(host: str) -> bool:
    """Whether a host is this machine, or in a network of one's own, as far as its name or number tells."""
    number = _number_of(host)
    if number is not None:
        return not number.is_global
    return "." not in host or host.startswith("/") or host.endswith(_NEAR)


def is_everywhere(host: str) -> bool:
    """Whether who listens there listens at every address of the machine, however it is written: 0.0.0.0, ::, 0."""
    number = _number_of(host)
    return number is not None and number.is_unspecified


def _number_of(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        pass
    try:
        return ip_address(socket.inet_aton(host))  # as systems still read it: 134744072, 0x8.8.8.8
    except (OSError, ValueError, UnicodeError):
        return None


def _split(place: str) -> tuple[str, str]:
    host, _, port = place.rpartition(":") if re.search(r":\d+$", place) else (place, "", "")
    return host, port


def _hosts(address: Secret) -> list[str]:
    return urlsplit(address.get_secret_value()).netloc.rpartition("@")[2].split(",")
