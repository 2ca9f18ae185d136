"""What a line of the log costs whoever writes it: ours, beside structlog's own fast chain and the standard library.

All in one process, in turn, each into a file of its own, by the processor time of the thread that logs. Ours scrubs,
counts repeats and says which request it belongs to; the others do none of that. structlog's chain is the one that its
documentation recommends for speed, with msgspec in the place of orjson, which is as fast. What our writing thread takes
besides stands in a line of its own.

    ./dev bench logging                20,000 lines each, fifteen rounds
    ./dev bench logging --quick        5,000 lines each, seven rounds
"""

import argparse
import logging
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any, Final

import msgspec
import structlog
from rich.console import Console
from rich.table import Table

from threadly.core import ids
from threadly.core.observability import LogSettings, Work, set_up_logs

MOST_US: Final = 4.0
MOST_OFF_US: Final = 1.0
LEAST_OF_STRUCTLOG: Final = 1.0
_ID: Final = ids.new()

Log = Callable[[], None]


def theirs(file: Path) -> Log:
    """structlog's chain."""
    log = structlog.wrap_logger(
        structlog.BytesLogger(file.open("wb")),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(serializer=_as_json),
        ],
        cache_logger_on_first_use=True,
    )
    return lambda: log.info(
        "The search was answered.", listings=24, ms=12.3, index="gin", narrow=True, language="de", who=_ID
    )


def _as_json(told: object, **_: object) -> bytes:
    return msgspec.json.encode(told)


def librarys(file: Path) -> Log:
    """The standard library's, as text."""
    log = logging.Logger("threadly.search", logging.INFO)  # noqa: LOG001 - apart from all others
    handler = logging.FileHandler(file)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    log.addHandler(handler)
    return lambda: log.info(
        "The search was answered: listings=%d ms=%f index=%s narrow=%s language=%s who=%s",
        24, 12.3, "gin", True, "de", _ID,
    )  # fmt: skip


def ours() -> dict[str, Log]:
    """An ordinary line, one with something private in it, and one that nobody wants to know."""
    log: Any = structlog.get_logger("threadly.search")
    texts = cycle([f"corduroy {ids.new()}" for _ in range(10_000)])
    return {
        "ours": lambda: log.info(
            "The search was answered.", listings=24, ms=12.3, index="gin", narrow=True, language="de", who=_ID
        ),
        "ours, of a new text each time": lambda: log.info(
            "The search was answered.", listings=24, ms=12.3, index="gin", narrow=True, words=next(texts), who=_ID
        ),
        "ours, with an address in it": lambda: log.info(
            "The search was answered.", listings=24, ms=12.3, index="gin", narrow=True, words="a@b.example", who=_ID
        ),
        "ours, below the level": lambda: log.debug(
            "The search was answered.", listings=24, ms=12.3, index="gin", narrow=True, language="de", who=_ID
        ),
    }


def measured(lines: int, rounds: int) -> dict[str, float]:
    """Microseconds a line: the median of the rounds."""
    with tempfile.TemporaryDirectory() as folder:
        room = LogSettings(file=Path(folder) / "ours.log", repeats_per_second=1_000_000, queue_bytes=1 << 30)
        logs = set_up_logs(room, always={"process": "bench", "version": "0"}, registry=None)
        contenders = {
            **ours(),
            "structlog": theirs(Path(folder) / "theirs.log"),
            "standard library": librarys(Path(folder) / "library.log"),
        }
        taken: dict[str, list[float]] = {name: [] for name in contenders}
        work = Work(request_id=_ID.hex, trace_id=_ID.hex, span_id=_ID.hex[:16], method="GET", route="/search")
        with work:
            for at in range(-1, rounds):
                for name, log in contenders.items():
                    seconds = _round(log, lines)
                    if at >= 0:
                        taken[name].append(seconds / lines * 1e6)
                    logs.close()  # so that our writer is not measured with the next
        taken["ours, and its writer"] = [_with_writer(contenders["ours"], logs.close, lines) for _ in range(rounds)]
    return {name: statistics.median(each) for name, each in taken.items()}


def _round(log: Log, lines: int) -> float:
    began = time.thread_time()
    for _ in range(lines):
        log()
    return time.thread_time() - began


def _with_writer(log: Log, flush: Callable[[], None], lines: int) -> float:
    began = time.process_time()
    _round(log, lines)
    flush()
    return (time.process_time() - began) / lines * 1e6


def main() -> int:
    """Prints the figures; 1 if a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    figures = measured(5_000, 7) if parser.parse_args().quick else measured(20_000, 15)
    table = Table("a line with six fields", "µs", "times ours")
    for name, figure in figures.items():
        table.add_row(name, f"{figure:.2f}", f"{figure / figures['ours']:.1f}")
    Console().print(table)
    kept = {
        f"ours at most {MOST_US:.0f} µs": figures["ours"] <= MOST_US,
        f"below the level at most {MOST_OFF_US:.0f} µs": figures["ours, below the level"] <= MOST_OFF_US,
        "ours less than structlog's": figures["structlog"] >= LEAST_OF_STRUCTLOG * figures["ours"],
    }
    for goal, is_kept in kept.items():
        print(f"{'kept  ' if is_kept else 'MISSED'}  {goal}")
    return 0 if all(kept.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
