"""What browsers report is counted and told once, and whoever floods us with it gets the same answer for nothing."""

import json
from typing import Any

import pytest

from tests.conftest import Lines
from threadly.core.asgi import Message, Receive, Scope, Send
from threadly.core.security import CspReports, reports

NOW = 1_000.0
OLD = {
    "csp-report": {
        "document-uri": "https://shop.example/listings/0199a7a2?token=mila",
        "effective-directive": "script-src-elem",
        "violated-directive": "script-src-elem",
        "blocked-uri": "https://evil.example/steal.js?mila@shop.example",
        "source-file": "https://shop.example/static/site.js",
        "script-sample": "alert('mila')",
    }
}
NEW = [
    {
        "type": "csp-violation",
        "url": "https://shop.example/",
        "body": {
            "documentURL": "https://shop.example/listings/0199a7a2?token=mila",
            "effectiveDirective": "script-src-elem",
            "blockedURL": "https://evil.example/steal.js?mila@shop.example",
            "sourceFile": "https://shop.example/static/site.js",
            "sample": "alert('mila')",
        },
    }
]


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [NOW]
    monkeypatch.setattr(reports, "monotonic", lambda: now[0])
    return now


class Browser:
    """Reports to one application; counts how often it was listened to."""

    def __init__(self) -> None:
        self.app = CspReports(self._elsewhere)
        self.heard = 0
        self.went_on: list[str] = []

    async def _elsewhere(self, scope: Scope, _receive: Receive, send: Send) -> None:
        self.went_on.append(scope.get("path", scope["type"]))

    async def tell(self, *chunks: bytes, method: str = "POST", path: str = "/csp-reports", leaves: bool = False) -> int:
        waiting = list(chunks)
        said: list[Message] = []

        async def receive() -> Message:
            self.heard += 1
            if not waiting and leaves:
                return {"type": "http.disconnect"}
            return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting) or leaves}

        async def send(message: Message) -> None:
            said.append(message)

        await self.app({"type": "http", "method": method, "path": path, "headers": []}, receive, send)
        return int(said[0]["status"]) if said else 0


def counted(directive: str) -> float:
    return float(reports.REPORTS.labels(directive)._value.get())


def encoded(report: Any) -> bytes:  # noqa: ANN401
    return json.dumps(report).encode()


@pytest.mark.parametrize("report", [OLD, NEW])
async def test_a_refusal_is_told_once_without_anything_private(time: list[float], lines: Lines, report: Any) -> None:  # noqa: ANN401
    browser, before = Browser(), counted("script-src-elem")
    for _ in range(3):
        assert await browser.tell(encoded(report)) == 204
    (line,) = lines
    assert line == {
        "event": "csp_refused",
        "log_level": "warning",
        "directive": "script-src-elem",
        "blocked": "https://evil.example",
        "source": "https://shop.example",
        "page": "/listings",
    }
    assert counted("script-src-elem") == before + 3
    assert browser.went_on == []
    time[0] += 3600
    await browser.tell(encoded(report))
    assert len(lines) == 2


async def test_it_may_come_in_pieces(time: list[float], lines: Lines) -> None:
    whole = encoded(OLD)
    assert await Browser().tell(whole[:7], whole[7:90], whole[90:]) == 204
    assert len(lines) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"1",
        b"[1]",
        b"{}",
        b'{"csp-report": 1}',
        b'[{"type": "csp-violation"}]',
        b"\xff",
        b"[" * 16_000,
    ],
    ids=repr,
)
async def test_whatever_else_is_sent_has_the_same_answer(time: list[float], lines: Lines, body: bytes) -> None:
    assert await Browser().tell(body) == 204
    assert lines == []


async def test_too_long_a_body_is_left_at_its_bound_and_who_leaves_is_no_failure(
    time: list[float], lines: Lines
) -> None:
    browser = Browser()
    assert await browser.tell(*[b" " * 1024] * 1000) == 204
    assert browser.heard == 17
    assert await browser.tell(b"{", leaves=True) == 204
    assert lines == []


async def test_names_that_are_made_up_are_no_labels_and_no_lines(time: list[float], lines: Lines) -> None:
    made_up = {"csp-report": {"effective-directive": "mila", "blocked-uri": "javascript:mila", "document-uri": "//["}}
    before = counted("other")
    await Browser().tell(encoded(made_up))
    assert counted("other") == before + 1
    assert [(line["directive"], line["blocked"], line["page"]) for line in lines] == [("other", "other", "other")]


async def test_what_an_extension_does_is_counted_and_not_told(time: list[float], lines: Lines) -> None:
    told = {"csp-report": {"effective-directive": "img-src", "blocked-uri": "chrome-extension://abc/x.png"}}
    before = counted("img-src")
    await Browser().tell(encoded(told))
    assert counted("img-src") == before + 1
    assert lines == []


async def test_a_flood_is_not_read(time: list[float], lines: Lines) -> None:
    browser, before = Browser(), counted("unread")
    for number in range(1000):
        host = {"csp-report": {"effective-directive": "img-src", "blocked-uri": f"https://{number}.example/"}}
        assert await browser.tell(encoded(host)) == 204
    assert browser.heard == len(lines) == reports.MOST_A_MINUTE
    assert counted("unread") == before + 1000 - reports.MOST_A_MINUTE
    for _ in range(10):
        time[0] += 60
        for number in range(100):
            host = {
                "csp-report": {"effective-directive": "img-src", "blocked-uri": f"https://{time[0]}{number}.example/"}
            }
            await browser.tell(encoded(host))
    assert len(lines) == reports.MOST_KINDS


async def test_only_reports_are_taken(lines: Lines) -> None:
    browser = Browser()
    assert await browser.tell(method="GET") == 405
    await browser.tell(path="/csp-reports/")
    await browser.tell(path="/")
    assert browser.went_on == ["/csp-reports/", "/"]
    assert browser.heard == 0
