"""O6: two hundred secrets, and everything that goes wrong with them in hand: none of them is told anywhere.

Looked through: the log (JSON and for people), traces as OTLP, the kinds of failures, Sentry's envelopes, metrics,
health, and what is answered: there, what somebody wrote into a field may come back in that field (but for a password),
and nowhere else. A control, with nothing scrubbed, has to find them: a canary that cannot sing proves nothing.
THREADLY_TEST_CANARY=all takes every secret every way, in some minutes.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.engines import EngineUrls
from tests.observability.answered import STATUSES
from tests.observability.leaking import Plan
from tests.observability.paths import PATHS
from tests.observability.planting import planted
from tests.otlp_receiver import otlp_receiver
from tests.processes import ROOT
from tests.sentry_receiver import sentry_receiver

SEED = 20261127
EACH = 200 if os.environ.get("THREADLY_TEST_CANARY") == "all" else 4


@dataclass
class Told:
    """What one run told, by where."""

    places: Mapping[str, bytes]
    answers: list[dict[str, str]]
    statuses: dict[str, list[int]]
    counted: dict[str, Any]
    spans: int

    def found(self) -> Counter[tuple[str, str]]:
        """How many secrets of which kind are told where."""
        found = Counter[tuple[str, str]]()
        for secret in planted(SEED):
            for place, told in self.places.items():
                if any(needle in told for needle in secret.needles):
                    found[place, secret.kind] += 1
        return found


@contextmanager
def leaking(tmp_path: Path, environment: Mapping[str, str], *, form: str, is_scrubbed: bool) -> Iterator[Told]:
    """A run, with what it told."""
    plan = Plan(folder=str(tmp_path), seed=SEED, each=EACH, form=form, is_scrubbed=is_scrubbed)
    with otlp_receiver() as traces, sentry_receiver() as sentry:
        told = {
            "THREADLY_OBSERVABILITY__TRACING__ENDPOINT": traces.url,
            "THREADLY_OBSERVABILITY__TRACING__RATIO": "1",
            "THREADLY_OBSERVABILITY__ERRORS__SENTRY_DSN": sentry.dsn,
        }
        ended = subprocess.run(
            [sys.executable, "-m", "tests.observability.leaking", msgspec.json.encode(plan).decode()],
            env={**environment, **told, "PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]},
            cwd=ROOT,
            capture_output=True,
            timeout=3600,
        )
        assert ended.returncode == 0, ended.stderr.decode()[-3000:]
        files = {name: (tmp_path / name).read_bytes() for name in ("errors.json", "metrics.txt", "health.json")}
        lines = b"".join(each.read_bytes() for each in sorted(tmp_path.glob("lines.log*")))
        yield Told(
            {
                **files,
                "log": lines,
                "output": ended.stdout + ended.stderr,
                "traces": bytes(traces.raw),
                "sentry": bytes(sentry.raw),
            },
            json.loads((tmp_path / "answers.json").read_text()),
            json.loads((tmp_path / "statuses.json").read_text()),
            json.loads((tmp_path / "counted.json").read_text()),
            len(traces.spans),
        )


@pytest.fixture
def environment(database_url: str, owner_url: str, engine_urls: EngineUrls, tmp_path: Path) -> Mapping[str, str]:
    """An installation."""
    return {
        "THREADLY_PROFILE": "test",
        "THREADLY_LIMITS__WIDENED": "1000000",
        "DATABASE_URL": database_url,
        "THREADLY_DATABASE__OWNER_URL": owner_url,
        "REDIS_URL": engine_urls.cache_url,
        "THREADLY_MEDIA__FOLDER": str(tmp_path / "media"),
        "THREADLY_SECURITY__SECRET": "0123456789abcdef" * 2,
        "THREADLY_AUTH__HASH_MEMORY_KIB": "8192",
        "THREADLY_AUTH__HASH_PASSES": "1",
    }


def test_two_hundred_secrets_go_more_than_fifty_ways() -> None:
    secrets = planted(SEED)
    assert len({secret.text for secret in secrets}) == 200
    assert len(PATHS) >= 50


@pytest.mark.parametrize("form", ["json", "text"])
def test_none_of_them_is_told_anywhere(tmp_path: Path, environment: Mapping[str, str], form: str) -> None:
    with leaking(tmp_path, environment, form=form, is_scrubbed=True) as told:
        assert told.counted["groups"] >= 15  # things did go wrong
        assert told.spans > 300
        assert len(told.places["log"]) > 100_000
        assert told.found() == {}
        assert told.answers == []
        assert {
            way: several for way, several in told.statuses.items() if not set(several) <= STATUSES.get(way, set())
        } == {}
        assert {way for way, several in told.statuses.items() if several} == STATUSES.keys()


def test_the_canary_sings_of_each_kind_wherever_it_may_where_nothing_is_scrubbed(
    tmp_path: Path, environment: Mapping[str, str]
) -> None:
    kinds = {secret.kind for secret in planted(SEED)}
    with leaking(tmp_path, environment, form="json", is_scrubbed=False) as told:
        found = told.found()
    sung = {place: {kind for where, kind in found if where == place} for place in told.places}
    assert sung["log"] == sung["sentry"] == kinds
    assert len(sung["errors.json"]) > len(kinds) / 2, "of each failure, what it was about last"
    assert sung["traces"] == {"card"}, "no message stands there, and no part of an address that can be none of ours"
    assert sung["metrics.txt"] == sung["health.json"] == sung["output"] == set(), (
        "nothing that anybody says stands there"
    )
