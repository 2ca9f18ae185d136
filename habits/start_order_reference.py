"""Writes docs/reference/start-order.md: in which order what Threadly is built of starts, from its declaration."""

from typing import Final

from threadly.wiring import ORDER

FILE: Final = "docs/reference/start-order.md"


def text() -> str:
    """The page."""
    rows = [
        f"| {number} | `{part.name}` | {', '.join(f'`{need}`' for need in part.needs)} | {_closes(part.closes)} |"
        for number, part in enumerate(ORDER.parts, 1)
    ]
    return "\n".join(
        [
            "# The order of the start",
            "",
            "<!-- Written by `python -m habits --write` from src/threadly/wiring.py. -->",
            "",
            "Each part starts behind what it needs; when one fails, those above it are closed, the last first. That is",
            "also how all of them end. `settings` and `purpose` (what the process uses the database for) are given.",
            "",
            "| | part | needs | at the end |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )


def _closes(closes: bool) -> str:
    return "closed" if closes else ""
