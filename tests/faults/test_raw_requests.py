"""What no honest client sends, byte by byte to the real server: each is refused in time, and changes nothing."""

import asyncio
import gzip
import json
import socket
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from tests.faults.breakable import serving
from tests.making import a_member, a_session
from tests.marketplace.media.elsewhere import variables
from threadly.core.database import Database
from threadly.marketplace.listings import Listing
from threadly.marketplace.members import Member
from threadly.settings import Settings

FORM: Final = "application/x-www-form-urlencoded"
JSON: Final = "application/json"
BOUNDARY: Final = "b0und"
PARTS: Final = f"multipart/form-data; boundary={BOUNDARY}"
HEAD_SECONDS: Final = 15
BODY_SECONDS: Final = 20
GRACE_SECONDS: Final = 25
"""A shared machine stands still now and then."""


@dataclass
class Said:
    """What a server answered on one connection, until it closed that."""

    raw: bytes
    seconds: float

    @property
    def status(self) -> int:
        return int(self.raw.split(b" ", 2)[1]) if self.raw else 0

    @property
    def answers(self) -> int:
        return self.raw.count(b"HTTP/1.1 ")

    @property
    def code(self) -> str:
        """Of a problem."""
        return str(json.loads(self.raw.partition(b"\r\n\r\n")[2])["code"])


@dataclass
class Shop:
    """The real server, with a member of whom everything could be changed."""

    port: int
    db: Database
    cookie: str

    async def say(self, *pieces: bytes, every: float = 0.0, patience: float = 5.0) -> Said:
        """Sends these, and hears until the server closes; who is not let go in time has failed."""
        return await asyncio.to_thread(self._say, pieces, every, patience)

    def _say(self, pieces: Sequence[bytes], every: float, patience: float) -> Said:
        began, heard = time.monotonic(), b""
        with socket.create_connection(("127.0.0.1", self.port), timeout=patience) as client:
            try:
                for piece in pieces:
                    client.sendall(piece)
                    if every:
                        client.settimeout(every)
                        try:
                            if heard := heard + client.recv(65536):
                                break
                            return Said(heard, time.monotonic() - began)
                        except TimeoutError:
                            pass
            except (BrokenPipeError, ConnectionResetError):
                pass  # it has had enough, and may have said so
            client.settimeout(patience)
            try:
                while more := client.recv(65536):
                    heard += more
            except ConnectionResetError:
                pass
        return Said(heard, time.monotonic() - began)

    def head(self, path: str, *lines: str, method: str = "POST", kind: str | None = FORM) -> bytes:
        """Of a request that a page of the shop makes a browser send."""
        own = [f"Host: 127.0.0.1:{self.port}", f"Cookie: threadly_session={self.cookie}", "Sec-Fetch-Site: same-origin"]
        told = [*own, *lines] if kind is None else [*own, f"Content-Type: {kind}", *lines]
        return "\r\n".join([f"{method} {path} HTTP/1.1", *told, "", ""]).encode()

    async def state(self) -> tuple[object, ...]:
        """All that the requests of this file would change."""
        async with self.db.read() as read:
            members = (await read.execute(select(Member.display_name, Member.bio).order_by(Member.id))).all()
            return (*members, await read.scalar(select(func.count()).select_from(Listing)))


@pytest.fixture
async def shop(settings: Settings, db: Database) -> AsyncIterator[Shop]:
    member = await a_member(db)
    cookie = (await a_session(db, member.id)).token
    with serving(variables(settings), waits=False) as served:
        yield Shop(urlsplit(served.url).port or 0, db, cookie)


PROFILE: Final = b"display_name=Changed&bio=Changed&place=Sofia"


async def test_an_honest_form_goes_through_and_what_lies_about_its_length_does_not(shop: Shop) -> None:
    before = await shop.state()
    large = b"display_name=Changed&bio=" + b"x" * 70_000
    chunk = b"%x\r\n%b\r\n" % (len(large), large)
    for case, told, code in (
        ("too long, and told", [shop.head("/api/v1/me", "Content-Length: 70000", method="PATCH", kind=JSON)], 413),
        ("a terabyte, and told", [shop.head("/account", f"Content-Length: {10**12}")], 413),
        ("asked for leave", [shop.head("/account", "Content-Length: 70000", "Expect: 100-continue")], 413),
        ("too long, in chunks", [shop.head("/account", "Transfer-Encoding: chunked"), chunk * 2, b"0\r\n\r\n"], 413),
        ("chunks without end", [shop.head("/account", "Transfer-Encoding: chunked"), *[chunk] * 200], 413),
        ("chunks of no number", [shop.head("/account", "Transfer-Encoding: chunked"), b"zz\r\nabc\r\n0\r\n\r\n"], 400),
    ):  # fmt: skip
        said = await shop.say(*told)
        assert said.status == code, (case, said.raw[:300])
        assert said.answers == 1, case
        assert said.seconds < 5, case
        assert b"100 Continue" not in said.raw, case
        assert await shop.state() == before, case
        if code == 413:
            assert b"connection: close" in said.raw.lower(), case

    for case, rest in (
        ("shorter than told", shop.head("/account", "Content-Length: 500") + PROFILE[:9]),
        ("chunks that are broken off", shop.head("/account", "Transfer-Encoding: chunked") + b"5\r\nabc"),
    ):
        said = await half_closed(shop, rest)
        assert (said.status, said.answers) == (400, 1), (case, said.raw[:300])
        assert await shop.state() == before, case

    for case, head in (
        ("without any length", shop.head("/account")),
        ("longer than told, so that its last field is cut in two", shop.head("/account", "Content-Length: 35")),
    ):
        said = await shop.say(head + PROFILE, b"\r\n\r\n")
        assert said.status == 400, (case, said.raw[:300])
        assert said.raw.count(b"HTTP/1.1 400 ") == said.answers <= 2, "what was left over is no request"
        assert await shop.state() == before, case

    said = await shop.say(shop.head("/account", f"Content-Length: {len(PROFILE)}", "Connection: close") + PROFILE)
    assert said.status == 303, said.raw[:300]
    assert await shop.state() != before


async def half_closed(shop: Shop, *pieces: bytes) -> Said:
    """Sends these, and then nothing more."""

    def say() -> Said:
        began, heard = time.monotonic(), b""
        with socket.create_connection(("127.0.0.1", shop.port), timeout=5) as client:
            client.sendall(b"".join(pieces))
            client.shutdown(socket.SHUT_WR)
            while more := client.recv(65536):
                heard += more
        return Said(heard, time.monotonic() - began)

    return await asyncio.to_thread(say)


SMUGGLED: Final = b"POST /sell HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize(
    ("case", "lines", "body", "statuses"),
    [
        ("two lengths", ("Content-Length: 44", "Content-Length: 0"), PROFILE, {400}),
        ("two lengths in one line", ("Content-Length: 44, 0",), PROFILE, {400}),
        ("a length with a sign", ("Content-Length: +44",), PROFILE, {400}),
        ("a negative length", ("Content-Length: -1",), PROFILE, {400}),
        ("a length beyond all numbers", (f"Content-Length: {'9' * 400}",), PROFILE, {400}),
        ("a space before the colon", ("Content-Length : 44",), PROFILE, {400}),
        ("a folded line", ("X-A: b\r\n Content-Length: 44",), PROFILE, {400, 422}),
        ("chunks of chunks", ("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"), b"0\r\n\r\n", {400}),
        ("compressed chunks", ("Transfer-Encoding: gzip, chunked",), b"0\r\n\r\n", {400}),
        ("chunks, misspelt", ("Transfer-Encoding: xchunked",), b"0\r\n\r\n", {400}),
        ("no chunks", ("Transfer-Encoding: identity",), b"", {400}),
    ],
)
async def test_where_a_body_ends_is_certain(
    shop: Shop, case: str, lines: tuple[str, ...], body: bytes, statuses: set[int]
) -> None:
    before = await shop.state()
    said = await shop.say(shop.head("/account", *lines), body, SMUGGLED)
    assert said.status in statuses, (case, said.raw[:300])
    assert said.answers == 1, "nothing behind it is taken for a request"
    assert await shop.state() == before


async def test_behind_a_body_in_chunks_nothing_is_taken_for_a_request(shop: Shop) -> None:
    """A proxy may have gone by the length, and so have sent on as one request what would be two here (RFC 9112)."""
    before = await shop.state()
    behind = shop.head("/account", f"Content-Length: {len(PROFILE)}") + PROFILE
    head = shop.head("/account", f"Content-Length: {5 + len(behind)}", "Transfer-Encoding: chunked")
    said = await shop.say(head, b"0\r\n\r\n" + behind)
    assert said.status >= 400
    assert said.answers == 1
    assert b"connection: close" in said.raw.lower()
    assert await shop.state() == before


async def test_nothing_that_is_compressed_is_inflated(shop: Shop) -> None:
    before = await shop.state()
    bomb = gzip.compress(b'{"bio": "' + b"x" * 50_000_000 + b'"}')
    assert len(bomb) < 60_000
    for coding in ("gzip", "br", "deflate", "identity, gzip"):
        lines = (f"Content-Encoding: {coding}", f"Content-Length: {len(bomb)}")
        said = await shop.say(shop.head("/api/v1/me", *lines, method="PATCH", kind=JSON), bomb)
        assert (said.status, said.code) == (415, "encoding_unread"), coding
    said = await shop.say(shop.head("/de/account", "Content-Encoding: gzip", f"Content-Length: {len(bomb)}"), bomb)
    assert said.status == 415
    assert "Komprimiert" in said.raw.decode()
    assert await shop.state() == before


def headers(count: int, size: int) -> Iterator[str]:
    for number in range(count):
        yield f"X-{number}: {'x' * size}"


@pytest.mark.parametrize(
    ("case", "count", "size", "status"),
    [("a few", 40, 100, 200), ("many", 90, 1, 431), ("far too many", 5_000, 10, 431), ("long", 1, 17_000, 431),
     ("far too long", 1, 5_000_000, 431)],
)  # fmt: skip
async def test_headers_are_bounded(shop: Shop, case: str, count: int, size: int, status: int) -> None:
    lines = [*headers(count, size), "Connection: close"]
    said = await shop.say(shop.head("/about", *lines, method="GET", kind=None))
    assert said.status in ({status} if status != 200 else {200, 404}), case
    assert said.seconds < 5


def part(name: str, value: bytes = b"x") -> bytes:
    return b'--%b\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n' % (
        BOUNDARY.encode(),
        name.encode(),
        value,
    )


async def test_a_form_of_ten_thousand_parts_is_refused_while_it_is_read(shop: Shop) -> None:
    begun = await shop.say(shop.head("/sell", "Content-Length: 0", "Connection: close"))
    assert begun.status == 303
    place = begun.raw.lower().partition(b"location: ")[2].partition(b"\r\n")[0].decode()
    before = await shop.state()
    end = f"--{BOUNDARY}--\r\n".encode()
    many = b"".join(part(f"alt-{number}") for number in range(10_000)) + end
    for case, body, status in (
        ("ten thousand fields", many, 413),
        ("ten thousand of one name", part("title") * 10_000 + end, 413),
        ("a field of a megabyte", part("title", b"x" * 1_000_000) + end, 413),
        ("a head without end", part("title")[:-3].replace(b"\r\n\r\n", b"\r\nX: " + b"y" * 100_000), 413),
        ("half", part("title"), 400),
    ):
        said = await shop.say(shop.head(place, f"Content-Length: {len(body)}", "Connection: close", kind=PARTS), body)
        assert said.status == status, (case, said.raw[:300])
    assert await shop.state() == before

    many_fields = b"&".join(b"a%d=1" % number for number in range(5_000))
    said = await shop.say(
        shop.head("/account", f"Content-Length: {len(many_fields)}", "Connection: close"), many_fields
    )
    assert said.status == 400
    assert await shop.state() == before


async def test_who_drips_is_let_go_in_time_and_keeps_nobody_else_waiting(shop: Shop) -> None:
    """All at once, for each takes its time: headers, a form, JSON and an upload, a byte a second, or silent."""
    before = await shop.state()
    drops = [b"x"] * 60
    head = shop.head("/account", "Content-Length: 500")
    patch = shop.head("/api/v1/me", "Content-Length: 500", method="PATCH", kind=JSON)
    avatar = shop.head("/account/avatar", "Content-Length: 90000", kind=PARTS)
    chunked = shop.head("/account", "Transfer-Encoding: chunked")
    file = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="avatar"; filename="a"\r\n\r\n'.encode()
    patience = BODY_SECONDS + GRACE_SECONDS
    slow = {
        "headers": shop.say(b"GET / HTTP/1.1\r\nX: ", *drops, every=1.0, patience=patience),
        "a line of headers each": shop.say(b"GET / HTTP/1.1\r\n", *[b"X: y\r\n"] * 60, every=1.0, patience=patience),
        "a form": shop.say(head, *drops, every=1.0, patience=patience),
        "a form in chunks": shop.say(chunked, *[b"1\r\nx\r\n"] * 60, every=1.0, patience=patience),
        "a form, silently": shop.say(head + b"display", patience=patience),
        "JSON": shop.say(patch + b'{"bio": "', *drops, every=1.0, patience=patience),
        "an upload": shop.say(avatar + file, *drops, every=1.0, patience=patience),
        "an upload, silently": shop.say(avatar + file, patience=patience),
    }

    async def meanwhile() -> float:
        longest = 0.0
        for _ in range(10):
            await asyncio.sleep(1)
            said = await shop.say(shop.head("/about", "Connection: close", method="GET", kind=None))
            assert said.status in {200, 404}
            longest = max(longest, said.seconds)
        return longest

    others = asyncio.create_task(meanwhile())
    told = await asyncio.gather(*slow.values())
    assert await others < 5
    for case, said in zip(slow, told, strict=True):
        most = HEAD_SECONDS if "headers" in case else BODY_SECONDS
        assert said.seconds < most + GRACE_SECONDS, case
        assert said.status in ({0, 408} if "headers" in case else {408}), (case, said.raw[:200])
        if case == "JSON":
            assert said.code == "too_slow"
        if "upload" in case:
            assert b"took too long" in said.raw
    assert await shop.state() == before
