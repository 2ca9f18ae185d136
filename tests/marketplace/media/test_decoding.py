"""Children decode; whatever becomes of one, somebody gets an answer, and the next picture a child that works."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from functools import cache
from pathlib import Path

import pytest

from tests.photographs import a_jpeg
from tests.processes import alive, children, cpu_ticks, eventually, program
from threadly.marketplace.media import Decoder, Limits, PictureRefused, PicturesBusy, PictureTooDemanding
from threadly.marketplace.media.child import Child

SMALL = a_jpeg(64, 48)


@cache
def slow() -> bytes:
    """A picture that takes a child a second or two, and a hundred megabytes."""
    return a_jpeg(7000, 7000, interlace=True)


@pytest.fixture
async def make() -> AsyncIterator[Callable[[Limits], Decoder]]:
    """Builds decoders, and ends them with the test."""
    built: list[Decoder] = []

    def build(limits: Limits) -> Decoder:
        built.append(Decoder(limits))
        return built[-1]

    yield build
    for decoder in built:
        await decoder.close()


@pytest.fixture
def decoder(make: Callable[[Limits], Decoder]) -> Decoder:
    return make(Limits())


async def child_of(decoder: Decoder) -> int:
    """The process of its one child, warm."""
    before = set(children(os.getpid()))
    await decoder.decode(SMALL)
    [child] = set(children(os.getpid())) - before
    return child


async def new_child_of(decoder: Decoder) -> int:
    """The process of a child that has answered nobody yet."""
    child = await Child.started(decoder.limits)
    decoder._idle.append(child)
    return child.pid


async def at_work(pid: int) -> None:
    """Returns when the child has begun to read."""
    used = cpu_ticks(pid)
    while cpu_ticks(pid) == used:  # noqa: ASYNC110  it tells nobody
        await asyncio.sleep(0.002)


async def test_a_child_starts_with_the_first_picture_and_is_used_again(decoder: Decoder) -> None:
    before = set(children(os.getpid()))
    child = await child_of(decoder)

    assert await decoder.decode(SMALL) == await decoder.decode(SMALL)
    assert set(children(os.getpid())) - before == {child}

    await decoder.close()
    assert alive([child]) == []


async def test_as_many_children_as_allowed_work_at_the_same_time(make: Callable[[Limits], Decoder]) -> None:
    decoder = make(Limits(processes=2))
    before = set(children(os.getpid()))

    await asyncio.gather(*(decoder.decode(a_jpeg(400, 300)) for _ in range(6)))

    assert len(set(children(os.getpid())) - before) == 2


async def test_whoever_sends_many_at_once_keeps_another_waiting_for_one_of_them(decoder: Decoder) -> None:
    await decoder.decode(SMALL)
    many = [asyncio.create_task(decoder.decode(slow(), by="mila")) for _ in range(3)]
    await asyncio.sleep(0)

    await decoder.decode(SMALL, by="ivo")

    assert sum(one.done() for one in many) <= 1
    await asyncio.gather(*many)


async def test_a_child_that_was_killed_at_rest_is_replaced_without_a_word(decoder: Decoder) -> None:
    child = await child_of(decoder)
    os.kill(child, signal.SIGKILL)
    eventually(lambda: not alive([child]), within=5, what="the child has ended")
    await asyncio.sleep(0.05)

    await decoder.decode(SMALL)


@pytest.mark.parametrize(
    ("case", "number", "refusal"),
    [
        ("it crashed over the picture", signal.SIGSEGV, PictureTooDemanding),
        ("it gave up", signal.SIGABRT, PictureTooDemanding),
        ("its processor time was over", signal.SIGXCPU, PictureTooDemanding),
        ("somebody killed it", signal.SIGKILL, PicturesBusy),
        ("somebody ended it", signal.SIGTERM, PicturesBusy),
    ],
)
async def test_a_child_that_ends_over_its_first_picture_costs_that_picture_only(
    decoder: Decoder, case: str, number: int, refusal: type[Exception]
) -> None:
    child = await new_child_of(decoder)
    decoding = asyncio.create_task(decoder.decode(slow()))
    await at_work(child)
    os.kill(child, number)

    with pytest.raises(refusal):
        await decoding
    await decoder.decode(SMALL)
    assert alive([child]) == []


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGKILL])
async def test_a_child_that_has_answered_before_ends_at_nobodys_cost(decoder: Decoder, number: int) -> None:
    child = await child_of(decoder)
    decoding = asyncio.create_task(decoder.decode(slow()))
    await at_work(child)
    os.kill(child, number)

    assert (await decoding).width == 1280
    assert alive([child]) == []


async def test_a_child_whose_processor_time_was_over_costs_that_picture_whatever_it_answered_before(
    decoder: Decoder,
) -> None:
    child = await child_of(decoder)
    decoding = asyncio.create_task(decoder.decode(slow()))
    await at_work(child)
    os.kill(child, signal.SIGXCPU)

    with pytest.raises(PictureTooDemanding):
        await decoding


async def test_a_child_that_does_not_answer_is_killed_in_time(make: Callable[[Limits], Decoder]) -> None:
    decoder = make(Limits(seconds=2))
    child = await child_of(decoder)
    decoding = asyncio.create_task(decoder.decode(slow()))
    await at_work(child)
    os.kill(child, signal.SIGSTOP)
    began = time.monotonic()

    with pytest.raises(PictureTooDemanding):
        await decoding

    assert time.monotonic() - began < 4
    assert alive([child]) == []
    await decoder.decode(SMALL)


async def test_a_picture_that_needs_more_memory_than_there_is_is_refused_and_the_next_is_fine(
    make: Callable[[Limits], Decoder],
) -> None:
    decoder = make(Limits(memory_bytes=48 << 20))

    with pytest.raises(PictureRefused):
        await decoder.decode(slow())

    await decoder.decode(SMALL)


async def test_a_picture_that_needs_more_of_the_processor_than_there_is_is_refused(
    make: Callable[[Limits], Decoder],
) -> None:
    decoder = make(Limits(seconds=120, cpu_seconds=0))  # the rest of a second, that is

    async def one_after_another() -> None:
        for _ in range(4):
            await decoder.decode(slow())

    with pytest.raises(PictureTooDemanding):
        await one_after_another()
    await decoder.decode(SMALL)


async def test_a_child_is_replaced_after_so_many_pictures_and_when_it_has_grown(
    make: Callable[[Limits], Decoder],
) -> None:
    for limits, lives in ((Limits(pictures_each=2), 3), (Limits(resident_bytes=1), 6), (Limits(), 1)):
        decoder, seen = make(limits), set()
        for _ in range(6):
            known = set(children(os.getpid()))
            await decoder.decode(SMALL)
            seen |= set(children(os.getpid())) - known
            if decoder._idle:
                seen.add(decoder._idle[0].pid)
        await decoder.close()
        assert (limits, len(seen) if lives != 6 else lives) == (limits, lives)


async def test_who_finds_too_many_waiting_is_sent_away_at_once_and_who_waits_too_long_later(
    make: Callable[[Limits], Decoder],
) -> None:
    decoder = make(Limits(processes=1, waiting=1, wait_seconds=0.3, seconds=3))
    child = await child_of(decoder)
    working = asyncio.create_task(decoder.decode(slow()))
    await at_work(child)
    os.kill(child, signal.SIGSTOP)
    waiting = asyncio.create_task(decoder.decode(SMALL))
    await asyncio.sleep(0.05)
    began = time.monotonic()

    with pytest.raises(PicturesBusy) as refusal:
        await decoder.decode(SMALL)
    assert time.monotonic() - began < 0.1
    assert (refusal.value.status, refusal.value.retry_after_seconds) == (503, 5)
    with pytest.raises(PicturesBusy):
        await waiting

    os.kill(child, signal.SIGCONT)
    assert (await working).width == 1280


async def test_who_goes_away_takes_the_child_along_and_nobody_elses_answer(decoder: Decoder) -> None:
    child = await child_of(decoder)
    decoding = asyncio.create_task(decoder.decode(slow()))
    await at_work(child)
    decoding.cancel()
    with pytest.raises(asyncio.CancelledError):
        await decoding

    assert (await decoder.decode(SMALL)).width == 64
    assert alive([child]) == []


async def test_a_child_knows_no_secret_and_holds_no_file(decoder: Decoder) -> None:
    child = Path(f"/proc/{await child_of(decoder)}")

    names = {line.partition(b"=")[0] for line in (child / "environ").read_bytes().split(b"\0") if line}
    assert names == {b"PYTHONPATH", b"VIPS_CONCURRENCY", b"MALLOC_ARENA_MAX", b"LC_ALL"}
    limits = {line[:26].strip(): line[26:].split()[:2] for line in (child / "limits").read_text().splitlines()[1:]}
    assert limits["Max file size"] == ["0", "0"]
    assert limits["Max core file size"] == ["0", "0"]
    assert int(limits["Max address space"][0]) < 4 << 30
    assert int(limits["Max cpu time"][0]) < 30
    assert "NoNewPrivs:\t1" in (child / "status").read_text()
    assert len(list((child / "fd").iterdir())) <= 6


ORPHANED = """
import asyncio, os, sys
from tests.photographs import a_jpeg
from tests.processes import children
from threadly.marketplace.media import Decoder

async def main():
    decoder = Decoder()
    await decoder.decode(a_jpeg(64, 48))
    picture = a_jpeg(3000, 2000, interlace=True)
    print(*children(os.getpid()), flush=True)
    while sys.argv[1] == "busy":
        await decoder.decode(picture)
    await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.mark.parametrize("state", ["at rest", "busy"])
def test_a_child_ends_with_whoever_started_it_however_suddenly(tmp_path: Path, state: str) -> None:
    (tmp_path / "orphaned.py").write_text(ORPHANED)
    with program("orphaned", state, workplace=tmp_path) as parent:
        [child] = map(int, parent.line().split())
        time.sleep(0.3)
        parent.process.kill()
        eventually(lambda: not alive([child]), within=3, what="the child has ended")


async def test_the_event_loop_is_never_kept_waiting(make: Callable[[Limits], Decoder]) -> None:
    """Counted is the processor time of the loop's own thread between two of its turns: others may use the machine."""
    decoder = make(Limits())
    picture = a_jpeg(4000, 3000) + bytes(9 << 20)
    turns: list[float] = []
    done = asyncio.Event()

    async def turn() -> None:
        before = time.thread_time()
        while not done.is_set():
            await asyncio.sleep(0)
            now = time.thread_time()
            turns.append(now - before)
            before = now

    turning = asyncio.create_task(turn())
    for _ in range(3):  # the first starts the child
        await decoder.decode(picture)
    done.set()
    await turning

    assert max(turns) < 0.020
