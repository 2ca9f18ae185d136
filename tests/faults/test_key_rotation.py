"""Keys are rotated while people use the shop: nobody is signed out, no form or mark is refused; a killed key is dead.

Two servers behind a proxy, which are started anew one after the other at each step, so that at each step there are
moments when one knows more keys than the other, or signs with another. Members have old browsers, which show tokens,
and keep pages open over several steps; readers keep marks of lists as long.
"""

import asyncio
import re
import signal
import subprocess
import sys
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx

from tests.faults.balancer import Balancer, started
from tests.making import a_credential, a_listing, a_member
from tests.marketplace.media.elsewhere import variables
from tests.processes import ROOT, Program
from tests.web.visiting import cookie_of
from threadly.core.database import Database
from threadly.settings import Settings

KEYS: Final = "THREADLY_SECURITY__KEYS"
FIRST: Final = "20261001T080000Z:Vb3nQ8wZ1rT6yU0pL5kJ9hG2fD4sA7xC"
TOKEN: Final = re.compile(r'name="csrf_token" value="([0-9a-f]{104})"')
NUMBER: Final = 8
"""Hexadecimal digits of a token that name its key."""


@dataclass
class Kept:
    """What people have in their hands, the oldest first."""

    tokens: deque[str] = field(default_factory=lambda: deque(maxlen=400))
    marks: deque[str] = field(default_factory=lambda: deque(maxlen=400))
    seen: Counter[str] = field(default_factory=Counter)
    keys: set[str] = field(default_factory=set)


async def test_a_rotation_under_load_signs_nobody_out_and_a_killed_key_is_dead(
    settings: Settings, db: Database, tmp_path: Path
) -> None:
    listing = await a_listing(db)
    for _ in range(3):
        await a_listing(db)
    member = await a_member(db)
    await a_credential(db, member.id)
    session = (await cookie_of(db, member))["cookie"]
    (tmp_path / KEYS).write_text(f"{FIRST}\n")
    environment = {
        **{name: value for name, value in variables(settings).items() if name != "THREADLY_SECURITY__SECRET"},
        "THREADLY_SECRETS_DIR": str(tmp_path),
        "THREADLY_OBSERVABILITY__HEALTH__NOT_READY": "PT0.5S",
    }
    resting = {**environment, "THREADLY_SECURITY__KEYS_REST": "PT1H"}
    signing = {**environment, "THREADLY_SECURITY__KEYS_REST": "PT0S"}
    kept = Kept()
    with ExitStack() as alive:
        async with Balancer().running() as balancer:
            shop = Shop(alive, balancer, [await started(alive, resting, balancer) for _ in range(2)])
            async with used(balancer.port, session, f"/listings/{listing.id}/heart", kept):
                await until(lambda: min(len(kept.tokens), len(kept.marks)) > 20, kept)
                old = kept.tokens[-1], kept.marks[-1]
                assert {token[:NUMBER] for token in kept.tokens} == kept.keys
                (first,) = kept.keys

                await threadly_keys(resting, "rotate")  # 1: the new key only verifies
                await shop.restarted(resting)
                assert kept.keys == {first}

                await shop.restarted(signing)  # 2: it signs, here sooner and there later
                await until(lambda: kept.tokens[-1][:NUMBER] != first, kept)
                await asyncio.sleep(1)  # 3: both do, and pages of before are still open
                assert len(kept.keys) == 2

                kept.tokens, kept.marks = keep_new(kept.tokens, first), deque(maxlen=400)  # a day passes
                await asyncio.sleep(0.5)
                await threadly_keys(signing, "retire", FIRST[:16], "--at-once")  # 4: the old one goes
                await shop.restarted(signing)
                await asyncio.sleep(0.5)
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{balancer.port}") as anybody:
                killed_token = await hearted(anybody, session, f"/listings/{listing.id}/heart", old[0])
                killed_mark = await anybody.get("/api/v1/listings", params={"limit": 1, "cursor": old[1]})
                still_in = await anybody.get("/account", headers={"cookie": session})

    assert balancer.lost == []
    assert set(kept.seen) == {"account 200", "heart 303", "list 200", "next 200"}, kept.seen
    assert min(kept.seen.values()) > 30, kept.seen
    assert killed_token.status_code == 403
    assert (killed_mark.status_code, killed_mark.json()["code"]) == (400, "cursor_invalid")
    assert still_in.status_code == 200


@dataclass
class Shop:
    """Two servers, of which one at a time is started anew."""

    alive: ExitStack
    balancer: Balancer
    servers: list[tuple[Program, int]]

    async def restarted(self, environment: Mapping[str, str]) -> None:
        for number, (program, port) in enumerate(self.servers):
            fresh = await started(self.alive, environment, self.balancer)
            code, _ = await asyncio.to_thread(program.told, signal.SIGTERM, 20)
            assert code == 0
            self.balancer.servers.pop(port)
            self.servers[number] = fresh


async def until(true: Callable[[], bool], kept: Kept) -> None:
    try:
        async with asyncio.timeout(20):
            while not true():  # noqa: ASYNC110 - it counts
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(kept.seen) from None


async def threadly_keys(environment: Mapping[str, str], *command: str) -> None:
    ended = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "threadly", "keys", *command],
        env={"PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr


def keep_new(tokens: deque[str], first: str) -> deque[str]:
    return deque((token for token in tokens if token[:NUMBER] != first), maxlen=400)


@asynccontextmanager
async def used(port: int, session: str, heart: str, kept: Kept) -> AsyncIterator[None]:
    """Two members and two readers, for as long as the block lasts."""
    stop = asyncio.Event()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
        using = [
            asyncio.create_task(use)
            for use in (*(visitor(client, session, heart, kept, stop) for _ in range(2)), reader(client, kept, stop))
        ]
        try:
            yield
        finally:
            stop.set()
            await asyncio.gather(*using)


async def visitor(client: httpx.AsyncClient, session: str, heart: str, kept: Kept, stop: asyncio.Event) -> None:
    """Looks at a page with forms, and sends one of a page that may be much older."""
    while not stop.is_set():
        page = await client.get("/account", headers={"cookie": session})
        kept.seen[f"account {page.status_code}"] += 1
        if (found := TOKEN.search(page.text)) is not None:
            kept.tokens.append(found[1])
            kept.keys.add(found[1][:NUMBER])
            for token in {kept.tokens[0], kept.tokens[-1]}:
                answer = await hearted(client, session, heart, token)
                kept.seen[f"heart {answer.status_code}"] += 1
        await asyncio.sleep(0.02)


async def hearted(client: httpx.AsyncClient, session: str, heart: str, token: str) -> httpx.Response:
    own = {"cookie": session, "x-csrf-token": token, "content-type": "application/x-www-form-urlencoded"}
    return await client.post(heart, headers=own)


async def reader(client: httpx.AsyncClient, kept: Kept, stop: asyncio.Event) -> None:
    """Looks at the first page of a list, and at the next one of a page that may be much older."""
    while not stop.is_set():
        page = await client.get("/api/v1/listings", params={"limit": 1})
        kept.seen[f"list {page.status_code}"] += 1
        kept.marks.append(page.json()["next"])
        for mark in {kept.marks[0], kept.marks[-1]}:
            answer = await client.get("/api/v1/listings", params={"limit": 1, "cursor": mark})
            kept.seen[f"next {answer.status_code}"] += 1
        await asyncio.sleep(0.02)
