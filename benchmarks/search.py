"""How fast is a search in a shop of a million listings, by kind, in one mix?

The mix holds one-word queries that a tenth of all listings match, departments, rare words, free combinations, each
order, deep pages, slips of the finger, and words as they are typed. Each question goes through Threadly, which is what
the milliseconds are of; then the statements that it sent go through the bare driver, and the question through Threadly
once more, so that the rates compare two that find the same pages in memory.

    ./dev bench search              1,000,000 listings; filling the shop takes some minutes
    ./dev bench search --quick      50,000, and a quarter of the questions
    ./dev bench search --url …      a migrated database that is filled already
"""

import random
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

import asyncpg
import uvloop
from rich.console import Console
from rich.table import Table

from benchmarks import large_shop, stock
from benchmarks.percentiles import percentile
from tests.statements import sent_to
from threadly.core.config import Secret
from threadly.core.database import Cursors, Database, DatabaseSettings, ReadSession
from threadly.core.keys import KeyRing
from threadly.marketplace import catalog, search, storefront
from threadly.marketplace.catalog import Condition, Place
from threadly.marketplace.storefront import Sort, Wanted

CURSORS: Final = Cursors(KeyRing.of(b"benchmark" * 4))
GOALS: Final = {"results": 60.0, "with facets": 150.0, "suggestions": 20.0, "typo": 60.0}
"""Milliseconds, p95."""
RATE: Final = 0.5

FREQUENT: Final = ("women", "clothing", "black", "cotton", "worn", "size", "condition", "blue")
WORDS: Final = ("dress", "jacket", "jeans", "leather", "boots", "silk", "linen", "zara", "nike", "shirt", "wool")
RARE: Final = ("prada", "corduroy", "levis 501", "sézane dress", "camel coat", "paisley scarf", "red velvet")
SLIPS: Final = ("levis jaket", "addidas", "nkie", "jakcet", "summr dress", "lether boots", "northface", "zarra dres")
TYPED: Final = ("l", "le", "lev", "levi", "dre", "dress", "summer d", "black lea", "zar", "zara dr", "boo", "ad")


@dataclass
class Times:
    """Seconds of one kind of question, ours and the driver's for the same statements."""

    ours: list[float] = field(default_factory=list)
    raw: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    """Ours, after the driver."""


Ask = Callable[[ReadSession], Awaitable[object]]


class Mix:
    """Questions, each with its kind and what it is about."""

    def __init__(self, places: list[Place], sizes: list[str], brands: list[str]) -> None:
        self._rng = random.Random(1)
        self._places = {depth: [place for place in places if place.depth == depth] for depth in (1, 2, 3)}
        self._sizes, self._brands = sizes, brands

    def results(self) -> Wanted:
        """A list, narrowed in any way, in any order."""
        rng = self._rng
        text = rng.choice(rng.choice((FREQUENT, WORDS, RARE, ("",))))
        place = rng.choice(self._places[rng.choice((1, 1, 2, 3))]) if not text or rng.random() < 0.3 else None
        chosen: dict[str, Any] = {}
        if rng.random() < 0.3:
            chosen["brands"] = tuple(rng.sample(self._brands, rng.choice((1, 2))))
        if rng.random() < 0.2:
            chosen["colours"] = (rng.choice(("black", "red", "blue", "white")),)
        if rng.random() < 0.2:
            chosen["sizes"] = (rng.choice(self._sizes),)
        if rng.random() < 0.2:
            chosen["conditions"] = (rng.choice(list(Condition)),)
        if rng.random() < 0.2:
            chosen |= {"min_price_minor": 10_00, "max_price_minor": 49_99}
        sort = rng.choice([sort for sort in Sort if text or sort is not Sort.RELEVANCE])
        return Wanted(text=text, category=place, sort=sort, **chosen)

    def broad(self) -> Wanted:
        """A frequent word by itself, or a department: what is most to count."""
        if self._rng.random() < 0.5:
            return Wanted(text=self._rng.choice(FREQUENT), sort=Sort.RELEVANCE)
        return Wanted(category=self._rng.choice(self._places[1]))

    def ask(self, kind: str) -> tuple[Ask, bool]:
        """A question of a kind, and whether it is about much."""
        rng = self._rng
        if kind == "suggestions":
            typed = rng.choice(TYPED)
            return (lambda read: search.suggestions(read, typed)), False
        if kind == "typo":
            slip = Wanted(text=rng.choice(SLIPS), sort=Sort.RELEVANCE)
            return (lambda read: storefront.searched(read, slip, CURSORS)), False
        is_broad = rng.random() < 0.5
        wanted = self.broad() if is_broad else self.results()
        if kind == "with facets":
            return (lambda read: storefront.found(read, wanted, CURSORS)), is_broad
        return (lambda read: storefront.cards(read, wanted, CURSORS)), is_broad


async def measure(db: Database, pool: Any, mix: Mix, rounds: int) -> dict[str, Times]:  # noqa: ANN401 - untyped
    """Asks each kind in turn, and sends what was sent once more by the driver; the first rounds only warm up."""
    times: defaultdict[str, Times] = defaultdict(Times)
    with sent_to(db) as sent:
        for number in range(-max(20, rounds // 10), rounds):
            for kind in GOALS:
                question, is_broad = mix.ask(kind)
                sent.clear()
                ours = await _timed(db, question)
                statements = tuple(sent)
                began = time.perf_counter()
                async with pool.acquire() as connection:
                    for statement, values in statements:
                        if _is_planned_anew(statement):
                            await (await connection.prepare(statement)).fetch(*values)
                        else:
                            await connection.fetch(statement, *values)
                raw = time.perf_counter() - began
                again = await _timed(db, question)
                if number >= 0:
                    for name in (kind, f"{kind}, broad") if is_broad else (kind,):
                        times[name].ours.append(ours)
                        times[name].raw.append(raw)
                        times[name].again.append(again)
    return times


def _is_planned_anew(statement: str) -> bool:
    """Whether ours was planned for its values."""
    return ("@@ search_query(" in statement or "ANY ($" in statement) and "unnest(" not in statement


async def _timed(db: Database, question: Ask) -> float:
    began = time.perf_counter()
    async with db.read() as read:
        await question(read)
    return time.perf_counter() - began


async def mixed(pool: Any) -> Mix:  # noqa: ANN401
    """The mix for what the shop has."""
    places = [Place(**row) for row in await pool.fetch("select id, depth::int, name, path from categories")]
    sizes = [row[0] for row in await pool.fetch("select system || '.' || label from sizes where system = 'letters'")]
    brands = [row[0] for row in await pool.fetch("select slug from brands order by slug")]
    return Mix(places, sizes, brands)


async def stocked(db: Database, _url: str, listings: int) -> None:
    """Fills a migrated database with a believable shop."""
    await db.run(catalog.install)
    await stock.seed(db, listings=listings, on_progress=lambda _progress: None)


async def asked(console: Console, url: str, rounds: int) -> None:
    """Measures one shop."""
    db = Database(DatabaseSettings(url=Secret(url), pool_size=2))
    pool = await asyncpg.create_pool(url, min_size=1, max_size=1)
    listings = await pool.fetchval("select count(*) from listings")
    report(console, listings, await measure(db, pool, await mixed(pool), rounds))
    await pool.close()
    await db.close()


def report(console: Console, listings: int, times: dict[str, Times]) -> None:
    """One line a kind; those about much, which are among them, once more by themselves."""
    table = Table(title=f"Searches among {listings:,} listings, milliseconds")
    for heading in ("kind", "asked", "p50", "p95", "goal", "p99", "driver p50", "driver p95", "rate, of the driver's"):
        table.add_column(heading, justify="left" if heading == "kind" else "right")
    for kind in sorted(times, key=lambda name: (list(GOALS).index(name.removesuffix(", broad")), name)):
        of = times[kind]
        p50, p95, p99 = (percentile(of.ours, percent) for percent in (50, 95, 99))
        goal = GOALS[kind.removesuffix(", broad")]
        table.add_row(
            kind,
            f"{len(of.ours):,}",
            f"{p50:.1f}",
            f"[{'green' if p95 <= goal else 'red'}]{p95:.1f}[/]",
            f"{goal:.0f}",
            f"{p99:.1f}",
            f"{percentile(of.raw, 50):.1f}",
            f"{percentile(of.raw, 95):.1f}",
            f"{sum(of.raw) / sum(of.again):.2f}",
        )
    console.print(table)
    console.print(f"Goals: p95 as given, and {RATE} of the driver's rate.")


if __name__ == "__main__":
    uvloop.run(large_shop.asked(large_shop.options(__doc__), fill=stocked, ask=asked))
