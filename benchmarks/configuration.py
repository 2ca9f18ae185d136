"""What settings cost: to load and check, and to read; beside pydantic-settings with the same sections, in turn.

Loading is of an installation in production where every variable is set, rules included; pydantic-settings has no rules
and no places. The import is told apart: it is paid once a process, and most of it is what the sections themselves stand
on.

    ./dev bench configuration            200 loads each, nine rounds
    ./dev bench configuration --quick    30 loads each, three rounds
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
import timeit
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from pydantic import TypeAdapter
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict
from rich.console import Console
from rich.table import Table

from threadly.core.auth import AuthSettings
from threadly.core.config import forms
from threadly.core.config.names import Names
from threadly.core.database import DatabaseSettings
from threadly.core.database.jobs import JobsSettings
from threadly.settings import CONVENTIONAL, CacheSettings, MediaSettings, SecuritySettings, ServerSettings, Settings
from threadly.settings import SiteSettings as Site
from threadly.settings.observability import ObservabilitySettings

MOST_MS: Final = 30.0
MOST_NS: Final = 60.0
SECRETS: Final = {
    "THREADLY_DATABASE__URL": "postgresql://shop:4aQm8Zt1@db.internal/shop",
    "THREADLY_CACHE__URL": "redis://:9rXk2Wv7@valkey.internal:6379/0",
    "THREADLY_SECURITY__SECRET": "hD8s0vYQk4mX2bN6tR1wE9zK3uJ7cL5aF/gP+iMoTq0=",
    "THREADLY_SITE__URL": "http://127.0.0.1:8000",  # by https, a proxy has to be named, and that is a list
    "THREADLY_PROFILE": "development",
    "THREADLY_OBSERVABILITY__LOGS__FILE": "/dev/null",
    "THREADLY_OBSERVABILITY__ERRORS__SENTRY_DSN": "https://6hPw3Yc5@errors.internal/1",
}
NOT_SET: Final = {
    "THREADLY_MEDIA__FOLDER",  # a bucket instead
    "THREADLY_SITE__FOLDER",
    "THREADLY_SITE__TAGLINE",
    "THREADLY_SITE__COLOURS",
    "THREADLY_SITE__LANGUAGES",  # pydantic-settings reads lists as JSON
    "THREADLY_SITE__PAGES",
    "THREADLY_DATABASE__REPLICAS",
    "THREADLY_SERVER__HOSTS",
    "THREADLY_SERVER__TRUSTED_PROXIES",
    "THREADLY_DATABASE__CONNECTIONS",
}


class Twin(BaseSettings):
    """The same sections, read by pydantic-settings."""

    model_config = SettingsConfigDict(env_prefix="THREADLY_", env_nested_delimiter="__", extra="forbid")

    profile: str = "production"
    database: DatabaseSettings
    cache: CacheSettings
    media: MediaSettings
    security: SecuritySettings
    site: Site = Site()
    server: ServerSettings = ServerSettings()
    auth: AuthSettings = AuthSettings()
    jobs: JobsSettings = JobsSettings()
    observability: ObservabilitySettings = ObservabilitySettings()


def twin_of_it() -> Twin:
    """Reads the environment as pydantic-settings does."""
    return Twin()  # type: ignore[call-arg]


@dataclass(frozen=True, slots=True)
class Bare:
    """What reading an attribute costs at least."""

    pool_size: int


def environment() -> dict[str, str]:
    """Every variable that both can read, set to what it is by default, or to its example."""
    variables = Names(Settings, prefix="THREADLY_", aliases=CONVENTIONAL).variables
    said = {name: written(each.field) for name, each in variables.items()}
    return {name: value for name, value in {**said, **SECRETS}.items() if value and name not in NOT_SET}


def written(field: FieldInfo) -> str:
    """What a variable says; of times, pydantic-settings reads ISO 8601 only."""
    if isinstance(field.default, timedelta):
        return str(TypeAdapter(timedelta).dump_python(field.default, mode="json"))
    return forms.default_of(field) or forms.example_of(field)


@contextmanager
def installed(given: Mapping[str, str]) -> Any:  # noqa: ANN401
    """This process with these variables, and no others of ours."""
    before = dict(os.environ)
    for name in [name for name in os.environ if name.startswith("THREADLY_")]:
        del os.environ[name]
    os.environ.update(given)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def milliseconds(load: Callable[[], object], times: int) -> float:
    """The median of so many loads."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        load()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def nanoseconds(statement: str, names: Mapping[str, object]) -> float:
    """What a statement takes, without the loop around it."""
    number = 1_000_000
    took = min(timeit.repeat(statement, globals=dict(names), number=number, repeat=5))
    loop = min(timeit.repeat("pass", number=number, repeat=5))
    return (took - loop) / number * 1e9


def import_ms(module: str, besides: str = "") -> float:
    """What importing a module adds to a process that has imported others."""
    before = f"import time, {besides or 'sys'}; began = time.perf_counter()"
    code = f"{before}; import {module}; print(time.perf_counter() - began)"
    run = [sys.executable, "-c", code]
    return min(float(subprocess.run(run, capture_output=True, text=True, check=True).stdout) for _ in range(3)) * 1000


def main(arguments: list[str]) -> int:
    """The exit code: 0 if the goals hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    rounds, times = (3, 30) if parser.parse_args(arguments).quick else (9, 200)

    given = environment()
    with installed(given):
        settings, twin = Settings.from_environment(), twin_of_it()
        loads = [
            (milliseconds(Settings.from_environment, times), milliseconds(twin_of_it, times)) for _ in range(rounds)
        ]
    ours, theirs = (statistics.median(each) for each in zip(*loads, strict=True))
    ratio = statistics.median(mine / other for mine, other in loads)
    names = {"section": settings.database, "twin": twin.database, "bare": Bare(10)}
    section, other, bare = (nanoseconds(f"{name}.pool_size", names) for name in names)

    to = Console(highlight=False)
    table = Table("what", "Threadly", "pydantic-settings", "at most", box=None, pad_edge=False)
    table.add_row(f"load and check {len(given)} variables", f"{ours:.2f} ms", f"{theirs:.2f} ms", f"{MOST_MS:.0f} ms")
    table.add_row("read an attribute", f"{section:.0f} ns", f"{other:.0f} ns", f"{MOST_NS:.0f} ns")
    to.print(table)
    to.print(
        f"Loading takes {ratio:.2f} of pydantic-settings' time; a frozen dataclass with slots is read in {bare:.0f} ns."
    )
    to.print(
        f"Imports, once a process: pydantic {import_ms('pydantic'):.0f} ms, threadly.core.config "
        f"{import_ms('threadly.core.config', 'pydantic'):.0f} ms more, threadly.settings with all sections "
        f"{import_ms('threadly.settings'):.0f} ms in all."
    )
    return 0 if ours <= MOST_MS and section <= MOST_NS else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
