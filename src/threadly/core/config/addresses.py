"""Addresses of servers, as settings: read enough to be refused here, and not by a driver that quotes them."""

import re
from typing import Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr

_HOST: Final = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[^][\s:@/?#]*)(?::\d{1,5})?")


def address_of(*schemes: str) -> AfterValidator:
    """Accepts `scheme://user:password@host:port/path` with one of these schemes; several hosts, or none, are fine.

    The refusal repeats nothing: what a driver takes for the port of a mistyped address is often the password.
    """

    def readable(address: SecretStr) -> SecretStr:
        scheme, separator, _ = address.get_secret_value().partition("://")
        if not separator or scheme not in schemes:
            raise ValueError(f"should begin with {' or '.join(f'{known}://' for known in schemes)}")
        hosts = urlsplit(address.get_secret_value()).netloc.rpartition("@")[2].split(",")
        if not all(_HOST.fullmatch(host) for host in hosts):
            raise ValueError(
                "has no readable host and port; in a password write / as %2F, @ as %40, ? as %3F, # as %23"
            )
        return address

    return AfterValidator(readable)
