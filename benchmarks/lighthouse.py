"""How do the pages stand before Lighthouse? Each page of a seeded shop, by its mobile profile: a slow telephone.

Goal: at least 95 of 100 in performance, accessibility, best practices and SEO. Needs npm (which fetches Lighthouse)
and Chromium (CHROME_PATH, or `chromium` on the path). The shop is served by granian as `threadly serve` does it.

    ./dev bench lighthouse             each page three times; the median counts
    ./dev bench lighthouse --quick     once
    ./dev bench lighthouse --desktop   by the desktop profile
"""

import argparse
import asyncio
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
from rich.console import Console
from rich.table import Table

from tests.processes import answering
from threadly.core.config import Secret
from threadly.core.database import Database, DatabaseSettings
from threadly.core.database.migrate import upgrade
from threadly.embedded import engines
from threadly.integrations import storage
from threadly.migrations import MIGRATIONS
from threadly.sample import seed
from threadly.settings import MediaSettings

GOAL: Final = 95
LISTINGS: Final = 400
CATEGORIES: Final = ("performance", "accessibility", "best-practices", "seo")
LIGHTHOUSE: Final = "lighthouse@12"


@contextmanager
def served(database_url: str, cache_url: str, media: Path) -> Iterator[str]:
    """The shop on a free port, while the block lasts."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    environment = {
        "THREADLY_PROFILE": "test",
        "THREADLY_LIMITS__WIDENED": "1000000",
        "THREADLY_DATABASE__URL": database_url,
        "THREADLY_CACHE__URL": cache_url,
        "THREADLY_MEDIA__FOLDER": str(media),
        "THREADLY_SECURITY__SECRET": "0123456789abcdef" * 2,
        "THREADLY_SITE__URL": url,
    }
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--loop", "uvloop", "--no-ws", "--no-access-log"]
    process = subprocess.Popen(
        [*command, "--log-level", "error", "--port", str(port), "--factory", "threadly.app:app"],
        env=os.environ | environment,
    )
    try:
        answering(f"{url}/livez", within=20)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=10)


def pages(url: str) -> dict[str, str]:
    """What is looked at, by name."""
    home = httpx.get(url).text
    listing = re.search(r'href="(/listings/[0-9a-f-]{36})"', home)
    category = re.search(r'href="(/categories/[a-z0-9-]+/[a-z0-9-]+)"', home)
    assert listing is not None
    assert category is not None
    member = re.search(r'href="(/members/[^"]+)"', httpx.get(url + listing[1]).text)
    assert member is not None
    return {"home": "/", "category": category[1], "listing": listing[1], "member": member[1]}


def audited(address: str, folder: Path, *, desktop: bool) -> dict[str, Any]:
    """One report."""
    report = folder / "report.json"
    chromium = os.environ.get("CHROME_PATH") or shutil.which("chromium") or "/usr/bin/chromium"
    flags = "--headless=new --no-sandbox --disable-background-networking --disable-gpu"
    command = ["npm", "exec", "--yes", "--package", LIGHTHOUSE, "--", "lighthouse", address, "--quiet", "--output=json"]
    command += [f"--output-path={report}", f"--chrome-flags={flags}", f"--only-categories={','.join(CATEGORIES)}"]
    subprocess.run(
        [*command, *(["--preset=desktop"] if desktop else [])],
        check=True,
        cwd=folder,
        env=os.environ | {"CHROME_PATH": chromium},
    )
    found: dict[str, Any] = json.loads(report.read_text())
    return found


def missed(report: dict[str, Any]) -> Iterator[str]:
    """What an audit would have better, with what it costs."""
    for category in CATEGORIES:
        for reference in report["categories"][category]["auditRefs"]:
            audit = report["audits"][reference["id"]]
            if reference["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                yield f"{category}: {audit['title']} {audit.get('displayValue', '')}".strip()


async def prepared(database_url: str, media: Path) -> None:
    """A migrated shop with sample data and its pictures."""
    db = Database(DatabaseSettings(url=Secret(database_url), pool_size=4))
    await upgrade(db, MIGRATIONS)
    await seed(db, storage.chosen(MediaSettings(folder=media)), listings=LISTINGS)
    await db.close()


async def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="each page once")
    parser.add_argument("--desktop", action="store_true", help="the desktop profile")
    parser.add_argument("--media", type=Path, help="a folder in which pictures have been drawn before")
    options = parser.parse_args()
    scores: dict[str, list[dict[str, float]]] = {}
    hints: dict[str, set[str]] = {}
    async with engines(ephemeral=True) as running:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            media = options.media or folder / "media"
            assert running.database_url is not None
            assert running.cache_url is not None
            await prepared(running.database_url, media)
            url = stack.enter_context(served(running.database_url, running.cache_url, media))
            for name, path in pages(url).items():
                for _ in range(1 if options.quick else 3):
                    report = await asyncio.to_thread(audited, url + path, folder, desktop=options.desktop)
                    found = {category: 100 * report["categories"][category]["score"] for category in CATEGORIES}
                    scores.setdefault(name, []).append(found)
                    hints.setdefault(name, set()).update(missed(report))
    return show(scores, hints, desktop=options.desktop)


def show(scores: dict[str, list[dict[str, float]]], hints: dict[str, set[str]], *, desktop: bool) -> int:
    """The table, and whether the goal holds."""
    console = Console()
    table = Table(title=f"Lighthouse, {'desktop' if desktop else 'mobile'} profile, medians")
    table.add_column("page")
    for category in CATEGORIES:
        table.add_column(category, justify="right")
    is_reached = True
    for name, runs in scores.items():
        middles = [statistics.median(run[category] for run in runs) for category in CATEGORIES]
        is_reached &= all(round(middle) >= GOAL for middle in middles)
        table.add_row(name, *(f"{middle:.0f}" for middle in middles))
    console.print(table)
    for name, found in hints.items():
        for hint in sorted(found):
            console.print(f"{name}: {hint}", highlight=False)
    console.print(f"Goal: {GOAL} everywhere. {'Reached.' if is_reached else 'Missed.'}")
    return 0 if is_reached else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
