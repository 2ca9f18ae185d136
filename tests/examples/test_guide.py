"""What the guide shows to applications of others is so: its code is run as it stands there."""

import re
from typing import Any

from sqlalchemy import select

from tests.processes import ROOT
from threadly.core.observability.tracing import TracingSettings

GUIDE = (ROOT / "docs/guide/core-in-your-application.md").read_text(encoding="utf-8")


def shown() -> dict[str, Any]:
    """All names of the guide's code, run in its order."""
    names: dict[str, Any] = {"__name__": "guide"}
    for block in re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL):
        exec(compile(block, "guide", "exec"), names)
    return names


def test_its_settings_are_read_and_its_order_is_one() -> None:
    names = shown()
    assert str(names["settings"].database_url) == "********"
    assert str(names["ORDER"]) == "settings; observed (settings); health (observed)"
    assert names["spans"](TracingSettings()) is None


def test_its_note_is_hidden_before_it_goes() -> None:
    note = shown()["Note"]
    assert "FROM (SELECT * FROM notes WHERE notes.deleted_at IS NULL) AS notes" in str(select(note))
    assert note.kept_for.days == 90
