"""For how long a certificate is valid, read from a server that speaks TLS."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from threadly.core import clock
from threadly.core.observability.health import Status
from threadly.ops.doctor.certificates import judge_certificate, not_after
from threadly.ops.doctor.findings import Finding, Findings


def a_certificate(days: float) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """One that ends in so many days, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "db.example")])
    until = clock.now() + timedelta(days=days, minutes=5)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(until - timedelta(days=36500 if days > 9000 else 400))
        .not_valid_after(until)
        .sign(key, hashes.SHA256())
    )
    return made, key


@asynccontextmanager
async def tls_server(days: float, folder: Path) -> AsyncIterator[int]:
    """Its port."""
    certificate, key = a_certificate(days)
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "server.pem").write_bytes(private + certificate.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def judged(url: str) -> Finding:
    found = Findings("valkey")
    await judge_certificate(url, found)
    (finding,) = found.taken
    return finding


@pytest.mark.parametrize(
    ("days", "status", "seen"),
    [
        (90, Status.PASS, "valid for 90 days"),
        (13, Status.WARN, "valid for 13 days"),
        (-2, Status.FAIL, "it has expired"),
    ],
)
async def test_the_days_that_are_left_are_told(days: float, status: Status, seen: str, tmp_path: Path) -> None:
    async with tls_server(days, tmp_path) as port:
        for scheme in ("rediss", "https"):
            finding = await judged(f"{scheme}://:topsecret@127.0.0.1:{port}/0")
            assert (finding.status, finding.seen) == (status, seen)


async def test_a_server_that_speaks_no_tls_is_said() -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(8)
        writer.write(b"N")  # as PostgreSQL does
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        finding = await judged(f"postgresql://u:topsecret@127.0.0.1:{server.sockets[0].getsockname()[1]}/d")
    assert (finding.status, finding.seen) == (Status.FAIL, "it cannot be read: ValueError")


async def test_other_addresses_have_none() -> None:
    found = Findings("valkey")
    await judge_certificate("unix:///run/valkey.sock", found)
    assert found.taken == []


@pytest.mark.parametrize("days", [1, 20_000])
def test_the_end_is_read_in_either_form_of_a_date(days: int) -> None:
    certificate, _ = a_certificate(days)
    assert not_after(certificate.public_bytes(serialization.Encoding.DER)) == certificate.not_valid_after_utc


def test_what_is_no_certificate_is_refused() -> None:
    whole = a_certificate(1)[0].public_bytes(serialization.Encoding.DER)
    for nonsense in (b"", b"nonsense", whole[:100], whole[:-1], b"\x30\x00", b"\x30\x82"):
        with pytest.raises(ValueError, match="no certificate"):
            not_after(nonsense)
