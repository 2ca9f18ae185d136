"""All of the corpus, one after another: each is refused by name or becomes a clean picture, and nobody here suffers."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.marketplace.media.clean import assert_clean
from tests.marketplace.media.corpus import CLEAN, CORPUS
from tests.photographs import a_jpeg
from threadly.marketplace.media import Decoder, PictureRefused, Processed

LEAST = 80
MOST_GROWTH = 50 << 20
LONGEST_TURN = 0.020
"""Seconds of the event loop's own thread."""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    """The files, which another process made, and what each is."""
    folder = tmp_path_factory.mktemp("corpus")
    subprocess.run([sys.executable, "-m", "tests.marketplace.media.corpus", str(folder)], check=True, timeout=120)
    return folder, json.loads((folder / "index.json").read_text())


@pytest.fixture(scope="module")
async def decoder() -> AsyncIterator[Decoder]:
    built = Decoder()
    yield built
    await built.close()


async def became(decoder: Decoder, file: bytes) -> tuple[str, Processed | None]:
    """`CLEAN` and what was made of it, or the code of its refusal, which is a 4xx."""
    try:
        return CLEAN, await decoder.decode(file)
    except PictureRefused as refusal:
        return (refusal.code if 400 <= refusal.status < 500 else f"{refusal.status}"), None


async def test_each_is_refused_or_neutralised(decoder: Decoder, corpus: tuple[Path, list[dict[str, Any]]]) -> None:
    folder, index = corpus
    assert len(index) == len(CORPUS) >= LEAST
    found = {}
    for each in index:
        found[each["name"]], processed = await became(decoder, (folder / each["file"]).read_bytes())
        if processed is not None:
            assert_clean(processed)
            for payload in map(bytes.fromhex, each["payloads"]):
                assert not any(payload in file for file in processed.files.values()), each["name"]

    assert found == {each["name"]: each["becomes"] for each in index}


async def test_none_grows_this_process_or_keeps_its_event_loop_waiting(
    decoder: Decoder, corpus: tuple[Path, list[dict[str, Any]]]
) -> None:
    folder, index = corpus
    files = [(folder / each["file"]).read_bytes() for each in index]
    await decoder.decode(a_jpeg(64, 48))
    before, most, turns, done = resident(), 0, [], asyncio.Event()

    async def turn() -> None:
        nonlocal most
        last = time.thread_time()
        while not done.is_set():
            await asyncio.sleep(0)
            turns.append((now := time.thread_time()) - last)
            if len(turns) % 100 == 0:
                most = max(most, resident())
                now = time.thread_time()  # looking is our own
            last = now

    turning = asyncio.create_task(turn())
    for file in files:
        await became(decoder, file)
    done.set()
    await turning

    assert most - before <= MOST_GROWTH
    assert max(turns) <= LONGEST_TURN


def resident() -> int:
    """Of this process, in bytes."""
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
