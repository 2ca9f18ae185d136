"""A folder from which nothing leads out."""

import os
from pathlib import Path
from typing import Final

_NOT_OURS: Final = ("README", "LICENSE", "LICENCE")


class Folder:
    """Reads files below a folder; what cannot be read is added to `mistakes`, by the file's name.

    A link that leads to something else in the folder is followed (this is how orchestrators mount files); one that
    leads out of it is refused.
    """

    def __init__(self, root: Path, mistakes: list[str]) -> None:
        self._root = Path(os.path.realpath(root))
        self.mistakes = mistakes

    def names(self, inside: str = "") -> list[str]:
        """What is in a folder of it, sorted; hidden files, and those that tell about the folder itself, left out."""
        place = self._root / inside
        if not place.exists() and not place.is_symlink():
            return []
        if not self._is_inside(place):
            self.mistakes.append(f"{inside}: leads out of the folder.")
            return []
        if not place.is_dir():
            self.mistakes.append(f"{inside}: is no folder.")
            return []
        try:
            found = [entry.name for entry in place.iterdir()]
        except OSError as refusal:
            self.mistakes.append(f"{inside or 'the folder'}: cannot be read: {refusal.strerror}.")
            return []
        return sorted(name for name in found if not name.startswith((".", *_NOT_OURS)))

    def read_bytes(self, name: str, *, most: int) -> bytes | None:
        """What is in a file, or None where there is none that can be used."""
        path = self._root / name
        if not path.exists() and not path.is_symlink():
            return None
        if not self._is_inside(path):
            self.mistakes.append(f"{name}: leads out of the folder.")
            return None
        if not path.is_file():
            self.mistakes.append(f"{name}: is no file.")
            return None
        try:
            with path.open("rb") as file:
                content = file.read(most + 1)
        except OSError as refusal:
            self.mistakes.append(f"{name}: cannot be read: {refusal.strerror}.")
            return None
        if len(content) > most:
            self.mistakes.append(f"{name}: is larger than {most // 1024} KiB.")
            return None
        return content

    def read_text(self, name: str, *, most: int) -> str | None:
        """What is in a file of text, or None where there is none that can be used."""
        content = self.read_bytes(name, most=most)
        if content is None:
            return None
        try:
            return content.decode()
        except UnicodeDecodeError:
            self.mistakes.append(f"{name}: is not encoded as UTF-8.")
            return None

    def _is_inside(self, path: Path) -> bool:
        # Not Path.resolve, which a link to itself makes fail; such a link is no file, and told as that.
        return Path(os.path.realpath(path)).is_relative_to(self._root)
