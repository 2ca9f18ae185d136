"""What does a photograph cost, from the bytes of an upload to three files and a placeholder?

The decoder's child reads a JPEG of 12 megapixels with all that guards it; the reference is a plain pyvips script that
makes the same three files, and guards nothing. The two take turns. Time is the processor's, of the process that does
the work; memory is the most that the child ever held.

    ./dev bench pictures              21 pictures each
    ./dev bench pictures --quick      5 pictures each
"""

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time

import pyvips
from rich.console import Console
from rich.table import Table

from threadly.marketplace.media.child import Child
from threadly.marketplace.media.limits import Limits

GOAL_MS = 500
GOAL_BYTES = 300_000_000
GOAL_LAG_SECONDS = 0.020

PLAIN = """
import sys, time
import pyvips
file = open(sys.argv[1], "rb").read()
for line in sys.stdin:
    began = time.process_time()
    largest = pyvips.Image.thumbnail_buffer(file, 1280, size="down").copy_memory()
    for width in (1280, 640, 320):
        largest.thumbnail_image(width).webpsave_buffer(Q=78, effort=3, keep="none")
    print(round((time.process_time() - began) * 1000), flush=True)
"""


def photograph() -> bytes:
    """A JPEG of 4,000 x 3,000 pixels, as large as a phone's."""
    channels = [
        pyvips.Image.gaussnoise(4000, 3000, sigma=60, mean=110 + 20 * seed, seed=seed).gaussblur(2 + seed)
        + pyvips.Image.gaussnoise(4000, 3000, sigma=6, mean=0, seed=seed + 9)
        + pyvips.Image.sines(4000, 3000, hfreq=3 + seed, vfreq=2) * 40
        for seed in range(3)
    ]
    picture = channels[0].bandjoin(channels[1:]).cast("uchar").copy(interpretation="srgb")
    file: bytes = picture.jpegsave_buffer(Q=88)
    return file


class Turns:
    """The event loop's turns while others work: the longest that one took of its thread's processor time."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._task = asyncio.create_task(self._turn())

    async def _turn(self) -> None:
        before = time.thread_time()
        while True:
            await asyncio.sleep(0)
            now = time.thread_time()
            self.longest = max(self.longest, now - before)
            before = now

    def stop(self) -> None:
        """Counts no more."""
        self._task.cancel()


async def measured(pictures: int) -> tuple[list[int], list[int], int, float, int]:
    """Milliseconds with guards, without, the child's peak in bytes, the loop's longest turn, the picture's size."""
    file = photograph()
    guarded: list[int] = []
    plain: list[int] = []
    child = await Child.started(Limits())
    with tempfile.NamedTemporaryFile(suffix=".jpg") as place:
        place.write(file)
        place.flush()
        reference = subprocess.Popen(  # noqa: ASYNC220  nothing else runs yet
            [sys.executable, "-c", PLAIN, place.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={
                "VIPS_CONCURRENCY": "1",
                "PYTHONPATH": ":".join(filter(os.path.isabs, sys.path)),
            },
        )
        assert reference.stdin is not None
        assert reference.stdout is not None
        before = (await child.ask(file))[0].cpu_ms  # warm
        peak, longest = 0, 0.0
        for _ in range(pictures):
            turns = Turns()
            head, _files = await child.ask(file)
            turns.stop()
            longest = max(longest, turns.longest)
            guarded.append(head.cpu_ms - before)
            before, peak = head.cpu_ms, head.peak_bytes
            reference.stdin.write("go\n")
            reference.stdin.flush()
            plain.append(int(await asyncio.to_thread(reference.stdout.readline)))
        reference.stdin.close()
        reference.wait()
    await child.end()
    return guarded, plain, peak, longest, len(file)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="5 pictures instead of 21")
    options = parser.parse_args()
    guarded, plain, peak, longest, size = asyncio.run(measured(5 if options.quick else 21))
    ours, theirs = statistics.median(guarded), statistics.median(plain)
    table = Table("what", "figure", "goal", title=f"A JPEG of 12 megapixels, {size / 1e6:.1f} MB")
    table.add_row("processor time, median", f"{ours:.0f} ms (at most {max(guarded)})", f"at most {GOAL_MS} ms")
    table.add_row("the plain script, median", f"{theirs:.0f} ms", "")
    table.add_row("ratio", f"{ours / theirs:.2f}", "")
    table.add_row("most memory of the child", f"{peak / 1e6:.0f} MB", f"at most {GOAL_BYTES / 1e6:.0f} MB")
    table.add_row(
        "longest turn of the event loop", f"{longest * 1000:.1f} ms", f"at most {GOAL_LAG_SECONDS * 1000:.0f} ms"
    )
    Console().print(table)
    return 0 if ours <= GOAL_MS and peak <= GOAL_BYTES and longest <= GOAL_LAG_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
