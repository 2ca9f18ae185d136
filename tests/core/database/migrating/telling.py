"""Who is told of a migration."""


class Told:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.steps: list[tuple[str, int, int]] = []
        """What it did, how much of it was done, and how much there was."""
        self._doing = ""

    def doing(self, what: str) -> None:
        """From now on."""
        self._doing = what

    def advance(self, done: int, total: int) -> None:
        """Keeps it."""
        self.steps.append((self._doing, done, total))

    def note(self, sentence: str) -> None:
        """Keeps it."""
        self.notes.append(sentence)
