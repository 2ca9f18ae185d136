"""The place that the settings name."""

import subprocess
import sys
from pathlib import Path

from tests.integrations.storage.conftest import bucket_settings
from threadly.integrations.storage import Folder, chosen
from threadly.settings import MediaSettings

WITHOUT = "import sys, threadly.app; sys.exit(any(name in sys.modules for name in ('pyvips', 'PIL', 'obstore')))"


def test_a_folder_or_a_bucket(tmp_path: Path) -> None:
    assert isinstance(chosen(MediaSettings(folder=tmp_path / "media")), Folder)
    assert type(chosen(bucket_settings("https://objects.example", "media"))).__name__ == "Bucket"
    assert list(tmp_path.iterdir()) == []


def test_a_web_worker_with_a_folder_loads_neither_decoders_nor_the_bucket() -> None:
    assert subprocess.run([sys.executable, "-c", WITHOUT], timeout=60).returncode == 0
