"""For how long a certificate is valid, read from a server that speaks TLS."""

import asyncio
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from tests.tls import a_certificate, tls_server
from threadly.core.observability.health import Status
from threadly.ops.doctor.certificates import judge_certificate, not_after
from threadly.ops.doctor.findings import Finding, Findings


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
