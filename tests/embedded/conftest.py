"""A data folder as a first start leaves it: made once a session, copied for each test."""

import subprocess
from pathlib import Path

import pytest

from threadly.embedded import blocking_engines


@pytest.fixture(scope="session")
def _made_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("made") / "data"
    with blocking_engines(made):
        return made


@pytest.fixture
def data(_made_data: Path, tmp_path: Path) -> Path:
    """A data folder of this test's own, with a database in it; nothing runs."""
    copy = tmp_path / "data"
    subprocess.run(["cp", "-a", _made_data, copy], check=True)
    return copy
