"""A decoder that a stranger's picture has taken over does nothing but decode badly: each limit is really exceeded."""

import asyncio
import errno
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.photographs import a_jpeg
from tests.processes import alive, cpu_ticks
from threadly.marketplace.media import Decoder, Limits, PictureRefused, PictureTooDemanding, child
from threadly.marketplace.media.child import Child, Ended

PROGRAM = Path(__file__).parent / "taken_over.py"
WRITTEN = ("evil.txt", "/tmp/threadly-evil.txt")
DENIED = {f"errno {number}" for number in (errno.EPERM, errno.EMFILE)}


@pytest.fixture(autouse=True)
def taken_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_PROGRAM", PROGRAM)


@pytest.fixture
async def decoding() -> AsyncIterator[Child]:
    started = await Child.started(Limits())
    yield started
    await started.end()


@pytest.mark.parametrize(
    "attempt",
    [
        *("connect", "listen", "program", "fork", "spawn", "write", "write in tmp", "read", "read our memory"),
        *("kill", "go on", "duplicate", "pipe", "more time"),
    ],
)
async def test_what_is_no_computing_is_refused_and_the_next_picture_is_decoded(decoding: Child, attempt: str) -> None:
    assert decoding.lack is None  # this machine has what it takes

    head, files = await decoding.ask(attempt.encode())

    assert head.refused in DENIED
    assert files == []
    assert [place for place in WRITTEN if os.path.exists(place)] == []  # noqa: ASYNC240, PTH110
    assert alive([os.getpid()]) == [os.getpid()]
    assert (await decoding.ask(a_jpeg(64, 48)))[0].refused is None


@pytest.mark.parametrize("attempt", ["connect", "write", "read", "pipe"])
async def test_without_a_filter_nothing_can_be_opened_either(monkeypatch: pytest.MonkeyPatch, attempt: str) -> None:
    """As where the kernel has none: then it is the limit of open files that counts, and the child says so."""
    monkeypatch.setenv("NO_FILTER", "1")
    monkeypatch.setattr(child, "_environment", lambda own=child._environment: own() | {"NO_FILTER": "1"})
    started = await Child.started(Limits())

    assert started.lack == "the test wants none"
    assert (await started.ask(attempt.encode()))[0].refused == f"errno {errno.EMFILE}"
    assert (await started.ask(a_jpeg(64, 48)))[0].refused is None
    await started.end()


@pytest.mark.parametrize(
    ("attempt", "limits"),
    [
        ("spin", Limits(seconds=60, cpu_seconds=1)),
        ("spin, and ignore its end", Limits(seconds=60, cpu_seconds=1)),
        ("spin, and block its end", Limits(seconds=60, cpu_seconds=1)),
        ("sleep", Limits(seconds=1)),
        ("grow", Limits(memory_bytes=256 << 20)),
        ("many threads", Limits()),
        ("many threads for long", Limits()),
        ("crash", Limits()),
        ("say nonsense", Limits()),
    ],
)
async def test_who_takes_too_much_ends_in_time_and_the_next_picture_is_decoded(attempt: str, limits: Limits) -> None:
    decoder = Decoder(limits)
    await decoder.decode(a_jpeg(64, 48))
    began = time.monotonic()

    with pytest.raises(PictureTooDemanding) as refusal:
        await decoder.decode(attempt.encode())

    assert (refusal.value.status, time.monotonic() - began < 10) == (422, True)
    assert (await decoder.decode(a_jpeg(64, 48))).width == 64
    await decoder.close()


@pytest.mark.parametrize("attempt", ["spin behind the answer", "go on behind the answer"])
async def test_whoever_stays_behind_an_answer_gets_no_processor_between_pictures(decoding: Child, attempt: str) -> None:
    await decoding.ask(attempt.encode())
    used = cpu_ticks(decoding.pid)

    await asyncio.sleep(0.3)

    assert cpu_ticks(decoding.pid) <= used + 1  # in which it stopped
    assert (await decoding.ask(a_jpeg(64, 48)))[0].refused is None


@pytest.mark.parametrize("attempt", ["exit behind the answer", "exit when woken", "answer twice"])
async def test_what_it_does_behind_an_answer_costs_nobody_else_a_picture(attempt: str) -> None:
    decoder = Decoder()
    for _ in range(4):
        with pytest.raises(PictureRefused):
            await decoder.decode(attempt.encode(), by="mila")
        await asyncio.sleep(0.1)

        assert (await decoder.decode(a_jpeg(1500, 1000), by="ivo")).width == 1280
    await decoder.close()


async def test_whoever_is_gone_behind_its_answer_has_ended_over_it(
    decoding: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = decoding._signal

    def late(number: signal.Signals) -> None:
        if number is signal.SIGSTOP:
            os.kill(decoding.pid, signal.SIGKILL)
            with suppress(ChildProcessError):  # it has been waited for
                os.waitpid(decoding.pid, 0)
        own(number)

    monkeypatch.setattr(decoding, "_signal", late)

    with pytest.raises(Ended):
        await decoding.ask(a_jpeg(64, 48))


async def test_its_time_ends_with_each_picture_and_once_and_for_all_whoever_has_it(decoding: Child) -> None:
    await decoding.ask(a_jpeg(64, 48))
    soft, hard = held(decoding.pid)[2]["Max cpu time"]

    assert int(soft) <= 10 < int(hard) < 2000
    assert (await decoding.ask(a_jpeg(64, 48)))[0].refused is None


def held(pid: int) -> tuple[dict[str, str], list[str], dict[str, list[str]]]:
    """What the system says of a process: its status, what it has open, and its limits."""
    place = Path(f"/proc/{pid}")
    status = dict(line.split(":\t", 1) for line in (place / "status").read_text().splitlines() if ":\t" in line)
    opened = [str(number.readlink()).partition(":")[0] for number in (place / "fd").iterdir()]
    limits = {line[:26].strip(): line[26:].split()[:2] for line in (place / "limits").read_text().splitlines()[1:]}
    return status, opened, limits


async def test_it_has_no_right_and_nothing_open_but_its_channels(decoding: Child) -> None:
    status, opened, limits = held(decoding.pid)

    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")
    assert {status[name] for name in ("CapEff", "CapPrm", "CapInh", "CapAmb")} == {"0" * 16}
    channels = [each for each in opened if each in {"pipe", "socket"}]  # pictures come in, files go out
    assert len(channels) == 2
    assert set(opened) - set(channels) == {"/dev/null", f"/proc/{decoding.pid}/statm"}
    for name in ("Max file size", "Max core file size", "Max open files"):
        assert limits[name] == ["0", "0"]


async def test_many_at_once_do_as_little(decoding: Child) -> None:
    decoder = Decoder(Limits(processes=2))
    asked = [b"fork", b"read", a_jpeg(64, 48), b"write"] * 4

    found = await asyncio.gather(*map(decoder.decode, asked), return_exceptions=True)

    assert [type(each).__name__ for each in found] == [
        "PictureDamaged",
        "PictureDamaged",
        "Processed",
        "PictureDamaged",
    ] * 4
    await decoder.close()
