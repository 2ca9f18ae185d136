"""Writes the corpus into a folder, so that the process that sends it did not make it."""

import json
import sys
from pathlib import Path

from tests.marketplace.media.corpus import CORPUS


def main(folder: Path) -> None:
    """Writes `00`, `01` … and what each is into index.json."""
    index = []
    for number, evil in enumerate(CORPUS.values()):
        (folder / f"{number:02}").write_bytes(evil.make())
        index.append(
            {
                "file": f"{number:02}",
                "name": evil.name,
                "becomes": evil.becomes,
                "payloads": [payload.hex() for payload in evil.payloads],
                "file_name": evil.file_name,
                "media_type": evil.media_type,
            }
        )
    (folder / "index.json").write_text(json.dumps(index))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
