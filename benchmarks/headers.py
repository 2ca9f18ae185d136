"""How do the security headers stand before csp_evaluator and Mozilla's Observatory, and what do they cost a request?

Goals: no finding of high severity, at least 125 of the Observatory, at most 1.5 µs a request. The shop is served by
granian over TLS, with a certificate of its own that the scanner is told to trust. Needs npm, which fetches both (their
own installation scripts do not run, so nothing is asked of browsers' lists), and openssl.

    ./dev bench headers            with the scanners
    ./dev bench headers --quick    only what they cost
"""

import argparse
import asyncio
import json
import os
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import uvloop
from rich.console import Console
from rich.table import Table

from threadly.core.asgi import ASGIApp, Message, Receive, Scope, Send
from threadly.core.config import Secret
from threadly.core.database import Database, DatabaseSettings
from threadly.core.database.migrate import upgrade
from threadly.core.security import SecurityHeaders
from threadly.core.security.reports import PATH
from threadly.embedded import engines
from threadly.migrations import MIGRATIONS

LEAST_OF_THE_OBSERVATORY: Final = 125
MOST_US: Final = 1.5
HIGH: Final = 10
SCANNERS: Final = ("csp_evaluator@1.1.8", "@mdn/mdn-http-observatory@1.4.8")
SCRIPT: Final = """
import { createRequire } from "node:module";
import { scan } from "@mdn/mdn-http-observatory";
const require = createRequire(import.meta.url);
const { CspEvaluator } = require("csp_evaluator/dist/evaluator.js");
const { CspParser } = require("csp_evaluator/dist/parser.js");
const [host, policy] = process.argv.slice(2);
const findings = new CspEvaluator(new CspParser(policy).csp).evaluate();
const { scan: scanned, tests } = await scan(host);
const told = Object.entries(tests).map(([name, test]) => [name, [test.result, test.scoreModifier]]);
const modifiers = Object.fromEntries(told);
console.log(JSON.stringify({ findings, scanned, modifiers }));
"""


@contextmanager
def served(database_url: str, cache_url: str, folder: Path) -> Iterator[str]:
    """The shop over TLS on a free port, while the block lasts."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    url = f"https://localhost:{port}"
    named = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "1"]
    made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")]
    subprocess.run(["openssl", "req", "-x509", *made, *named, *files], check=True, capture_output=True)
    environment = {
        "THREADLY_PROFILE": "test",
        "THREADLY_DATABASE__URL": database_url,
        "THREADLY_CACHE__URL": cache_url,
        "THREADLY_MEDIA__FOLDER": str(folder / "media"),
        "THREADLY_SECURITY__SECRET": "0123456789abcdef" * 2,
        "THREADLY_SITE__URL": url,
        "THREADLY_OBSERVABILITY__LOGS__LEVEL": "error",
    }
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--loop", "uvloop", "--no-ws", "--no-access-log"]
    command += ["--ssl-certificate", str(folder / "certificate.pem"), "--ssl-keyfile", str(folder / "key.pem")]
    process = subprocess.Popen(
        [*command, "--log-level", "error", "--port", str(port), "--factory", "threadly.app:app"],
        env=os.environ | environment,
    )
    try:
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)


def policy_of(url: str, certificate: Path) -> str:
    """The policy of the front page, once it is there."""
    trusted = ssl.create_default_context(cafile=str(certificate))
    until = time.monotonic() + 60
    with httpx.Client(verify=trusted) as client:
        while True:
            try:
                return client.get(f"{url}/").raise_for_status().headers["content-security-policy"]
            except httpx.TransportError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)


def scanned(url: str, folder: Path) -> dict[str, Any]:
    """What both scanners say."""
    policy = policy_of(url, folder / "certificate.pem")
    (folder / "package.json").write_text('{"type": "module"}')
    install = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", *SCANNERS]
    subprocess.run(install, check=True, cwd=folder)
    lists = folder / "node_modules/@mdn/mdn-http-observatory/conf"
    (lists / "hsts-preload.json").write_text("{}")
    (folder / "scan.js").write_text(SCRIPT)
    found = subprocess.run(
        ["node", "scan.js", url.removeprefix("https://"), policy],
        check=True,
        cwd=folder,
        env=os.environ | {"NODE_EXTRA_CA_CERTS": str(folder / "certificate.pem")},
        stdout=subprocess.PIPE,
    )
    told: dict[str, Any] = json.loads(found.stdout)
    return told


async def looked_at() -> dict[str, Any]:
    """The shop, scanned."""
    async with engines(ephemeral=True) as running:
        assert running.database_url is not None
        assert running.cache_url is not None
        db = Database(DatabaseSettings(url=Secret(running.database_url), pool_size=2))
        await upgrade(db, MIGRATIONS)
        await db.close()
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            with served(running.database_url, running.cache_url, folder) as url:
                return await asyncio.to_thread(scanned, url, folder)


ANSWER: Final = [
    (b"content-type", b"text/html; charset=utf-8"),
    (b"content-length", b"5"),
    (b"cache-control", b"public, max-age=30, s-maxage=60, stale-while-revalidate=300"),
    (b"etag", b'W/"0123456789abcdef"'),
    (b"vary", b"cookie"),
]


async def bare(_scope: Scope, _receive: Receive, send: Send) -> None:
    """A page."""
    await send({"type": "http.response.start", "status": 200, "headers": ANSWER})
    await send({"type": "http.response.body", "body": b"hello"})


async def round_of(app: ASGIApp, requests: int) -> float:
    """Microseconds of processor time a request."""

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_: Message) -> None:
        """Nobody is there."""

    scope: Scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    began = time.process_time()
    for _ in range(requests):
        await app(scope, receive, send)
    return (time.process_time() - began) / requests * 1e6


async def cost() -> float:
    """What they add to a request, in microseconds: the median of nine rounds."""
    around = SecurityHeaders(bare, is_secure=True, trusted_types="htmx", reports=PATH)
    more = []
    for _ in range(9):
        without = await round_of(bare, 20_000)
        more.append(await round_of(around, 20_000) - without)
    return statistics.median(more)


def main() -> int:
    """Prints the figures; 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="only what they cost")
    takes = uvloop.run(cost())
    kept = {f"at most {MOST_US} µs a request: {takes:.2f}": takes <= MOST_US}
    if not parser.parse_args().quick:
        told = asyncio.run(looked_at())
        table = Table("of the Observatory", "result", "modifier")
        for name, (result, modifier) in told["modifiers"].items():
            table.add_row(name, str(result), f"{modifier:+}")
        Console().print(table)
        for finding in told["findings"]:
            print(f"csp_evaluator: {finding['directive']} {finding['description']} (severity {finding['severity']})")
        raw = 100 + sum(modifier for _, modifier in told["modifiers"].values())
        kept[f"at least {LEAST_OF_THE_OBSERVATORY} of the Observatory: {raw}"] = raw >= LEAST_OF_THE_OBSERVATORY
        kept["no finding of high severity"] = all(finding["severity"] > HIGH for finding in told["findings"])
    for goal, is_kept in kept.items():
        print(f"{'kept  ' if is_kept else 'MISSED'}  {goal}")
    return 0 if all(kept.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
