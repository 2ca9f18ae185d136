"""What every store promises, kept by each."""

import asyncio
from datetime import timedelta

import pytest

from threadly.core import clock
from threadly.marketplace.media import PictureNotFound, Store, Stored, file_of

NAME = "0123456789abcdef" * 2


async def listed(store: Store) -> list[Stored]:
    return sorted([stored async for batch in store.listed() for stored in batch], key=lambda stored: stored.file)


async def test_what_was_put_is_there_and_what_was_deleted_is_not(store: Store) -> None:
    file = file_of(NAME, 640)
    with pytest.raises(PictureNotFound):
        await store.get(file)

    await store.put(file, b"first")
    await store.put(file, b"second")
    assert await store.get(file) == b"second"

    await store.delete([file, file_of(NAME, 320)])
    with pytest.raises(PictureNotFound):
        await store.get(file)
    await store.delete([file])
    await store.delete([])


async def test_a_list_tells_each_file_once_with_its_age(store: Store) -> None:
    assert await listed(store) == []
    names = sorted(f"{number:032x}" for number in range(40))
    await asyncio.gather(*(store.put(file_of(name, 320), b"content") for name in names))

    found = await listed(store)

    assert [stored.file for stored in found] == [file_of(name, 320) for name in names]
    assert all(abs(clock.now() - stored.changed_at) < timedelta(minutes=1) for stored in found)
    assert not any(stored.is_draft for stored in found)


async def test_a_file_that_is_put_again_is_young_again(store: Store) -> None:
    await store.put(file_of(NAME, 320), b"content")
    [before] = await listed(store)
    await asyncio.sleep(1.1)  # some stores count in seconds
    await store.put(file_of(NAME, 320), b"content")
    [after] = await listed(store)

    assert after.changed_at > before.changed_at


async def test_who_reads_while_a_file_is_replaced_sees_one_whole_content(store: Store) -> None:
    file = file_of(NAME, 1280)
    contents = [bytes([letter]) * 300_000 for letter in b"ab"]
    await store.put(file, contents[0])
    done = asyncio.Event()
    seen = set()

    async def read() -> None:
        while not done.is_set():
            seen.add(await store.get(file))
            await asyncio.sleep(0)

    readers = [asyncio.create_task(read()) for _ in range(3)]
    for turn in range(1, 12):
        await store.put(file, contents[turn % 2])
    done.set()
    await asyncio.gather(*readers)

    assert seen <= set(contents)


async def test_bytes_of_any_kind_come_back_as_they_were(store: Store) -> None:
    content = bytes(range(256)) * 4096
    await store.put(file_of(NAME, 1280), content)
    await store.put(file_of(NAME, 320), b"")

    assert await store.get(file_of(NAME, 1280)) == content
    assert await store.get(file_of(NAME, 320)) == b""
