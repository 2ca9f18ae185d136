"""The engines of a test session, seen from outside: a pytest of its own, with workers."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

TESTS = """
import os, time
from pathlib import Path
import asyncpg, pytest

pytest_plugins = ["tests.engines"]

@pytest.mark.parametrize("number", range(6))
async def test_one(engine_urls, number):
    connection = await asyncpg.connect(engine_urls.database_url)
    server = await connection.fetchval("select pg_postmaster_start_time()::text || current_setting('data_directory')")
    folder = engine_urls.database_url.partition("host=")[2]
    with Path(os.environ["SEEN"]).open("a") as seen:
        seen.write(f"{os.getpid()}\\t{server}\\t{folder}\\n")
    await connection.close()
    time.sleep(float(os.environ["PAUSE"]))
"""


@pytest.fixture
def session(tmp_path: Path) -> Path:
    """A folder with tests that use the engines."""
    (tmp_path / "tests_of_theirs.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\nasyncio_mode = auto\npython_files = tests_*.py\n")
    return tmp_path


def _pytest(session: Path, *, pause_seconds: float) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", "-p", "xdist", "-p", "pytest_asyncio.plugin", "-q", "-n", "2", str(session)],
        cwd=session,
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))},
            "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)]),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "SEEN": str(session / "seen"),
            "PAUSE": str(pause_seconds),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def test_all_workers_share_one_pair_of_engines_which_ends_with_the_last(session: Path) -> None:
    with _pytest(session, pause_seconds=0.05) as run:
        output, _ = run.communicate(timeout=60)
    assert run.returncode == 0, output.decode()
    seen = [line.split("\t") for line in (session / "seen").read_text().splitlines()]
    assert len(seen) == 6
    assert len({worker for worker, _, _ in seen}) == 2
    assert len({server for _, server, _ in seen}) == 1
    assert not Path(seen[0][2]).exists()


def test_a_session_that_is_killed_leaves_nothing(session: Path) -> None:
    with _pytest(session, pause_seconds=30) as run:
        seen = session / "seen"
        patience_ends = time.monotonic() + 30
        while not (seen.exists() and seen.read_text().endswith("\n")) and time.monotonic() < patience_ends:
            time.sleep(0.05)
        folder = Path(seen.read_text().splitlines()[0].split("\t")[2])
        assert folder.exists()
        os.killpg(run.pid, signal.SIGKILL)  # pytest and its workers; the engines are not in this group
        run.wait()
    patience_ends = time.monotonic() + 6
    while folder.exists() and time.monotonic() < patience_ends:
        time.sleep(0.05)
    assert not folder.exists()
