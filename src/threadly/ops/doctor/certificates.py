"""For how long a server's certificate is valid. It is only read here: to believe it or not is its clients' business."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from threadly.core import clock
from threadly.ops.doctor.findings import Findings

_WARNS_DAYS: Final = 14
_PORTS: Final = {"https": 443, "rediss": 6379, "postgresql": 5432, "postgres": 5432}
_SSL_REQUEST: Final = bytes([0, 0, 0, 8, 4, 210, 22, 47])  # PostgreSQL's question whether it speaks TLS
_SEQUENCE, _UTC_TIME, _GENERALIZED_TIME, _EXPLICIT_VERSION = 0x30, 0x17, 0x18, 0xA0
_LONG: Final = 0x80


async def judge_certificate(url: str, found: Findings) -> None:
    """Looks at that of the first host of an address: https://, rediss:// or postgresql://; nothing for others."""
    place = urlsplit(url)
    if place.scheme not in _PORTS:
        return
    host, _, port = place.netloc.rpartition("@")[2].split(",")[0].rpartition(":")
    if not port.isdigit():
        host, port = f"{host}:{port}" if host else port, str(_PORTS[place.scheme])
    try:
        until = await _expires(host.strip("[]"), int(port), asks_first=place.scheme.startswith("postgres"))
    except (OSError, ValueError, EOFError) as failure:
        days, seen = -1, f"it cannot be read: {type(failure).__name__}"
    else:
        days = (until - clock.now()).days
        seen = f"valid for {days} days" if days >= 0 else "it has expired"
    found.judge(
        "certificate",
        seen,
        expected=f"{_WARNS_DAYS} days or more",
        do="Renew it, and see why that did not happen by itself.",
        is_good=days >= _WARNS_DAYS,
        warns=days >= 0,
    )


async def _expires(host: str, port: int, *, asks_first: bool) -> datetime:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        if asks_first:
            writer.write(_SSL_REQUEST)
            if await reader.readexactly(1) != b"S":
                raise ValueError("it does not speak TLS")
        unchecked = ssl.create_default_context()
        unchecked.check_hostname = False
        unchecked.verify_mode = ssl.CERT_NONE
        await writer.start_tls(unchecked, server_hostname=host)
        certificate = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        return not_after(certificate)
    finally:
        with suppress(OSError):
            writer.transport.abort()


def not_after(certificate: bytes) -> datetime:
    """When a certificate in DER (RFC 5280, 4.1) ends.

    Raises:
        ValueError: It is none.
    """
    try:
        ((_, whole),) = _parts(certificate)
        _, signed = next(_parts(whole))
        fields = [field for field in _parts(signed) if field[0] != _EXPLICIT_VERSION]
        validity = fields[3][1]  # behind serial number, algorithm and issuer
        _, (kind, text) = list(_parts(validity))
        form = {_UTC_TIME: "%y%m%d%H%M%SZ", _GENERALIZED_TIME: "%Y%m%d%H%M%SZ"}[kind]
        return datetime.strptime(text.decode(), form).replace(tzinfo=UTC)
    except (IndexError, KeyError, StopIteration, ValueError) as fault:
        raise ValueError("this is no certificate") from fault


def _parts(der: bytes) -> Iterator[tuple[int, bytes]]:
    """Tags and contents that stand one after another."""
    at = 0
    while at < len(der):
        tag, length = der[at], der[at + 1]
        at += 2
        if length & _LONG:
            digits = length ^ _LONG
            length = int.from_bytes(der[at : at + digits])
            at += digits
        if at + length > len(der):
            raise ValueError("it ends too early")
        yield tag, der[at : at + length]
        at += length
