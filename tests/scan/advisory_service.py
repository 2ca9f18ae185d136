"""A service of advisories on this machine, as OSV and an npm registry answer, for the real pip-audit and npm."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from scan.advisories import Service

KNOWN_PYTHON = "PYSEC-2026-1"
KNOWN_ASSET = "GHSA-aaaa-bbbb-cccc"


@contextmanager
def serving(*, bad: Mapping[str, str]) -> Iterator[Service]:
    """Knows one advisory of each of these, by name and version, and nothing of all others."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            is_npm = self.path.endswith("/advisories/bulk")
            answer = json.dumps(_of_npm(bad) if is_npm else _of_osv(json.loads(body), bad)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the library calls it
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        place = f"http://127.0.0.1:{server.server_address[1]}"
        yield Service(osv=f"{place}/v1/query", npm=place)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _of_osv(asked: Mapping[str, Mapping[str, str] | str], bad: Mapping[str, str]) -> dict[str, object]:
    package = asked["package"]
    name = package["name"] if isinstance(package, Mapping) else ""
    if bad.get(name) != asked["version"]:
        return {}
    fixed = {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.0"}]}
    affected = {"package": {"name": name, "ecosystem": "PyPI"}, "ranges": [fixed], "versions": [bad[name]]}
    return {"vulns": [{"id": KNOWN_PYTHON, "details": "planted", "aliases": [], "affected": [affected]}]}


def _of_npm(bad: Mapping[str, str]) -> dict[str, object]:
    return {
        name: [
            {
                "id": 1,
                "url": f"https://advisories.threadly.example/{KNOWN_ASSET}",
                "title": "planted",
                "severity": "high",
                "vulnerable_versions": version,
            }
        ]
        for name, version in bad.items()
    }
