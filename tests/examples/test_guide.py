"""What the guide shows to applications of others is so: its code is run as it stands there."""

import re
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase

from tests.processes import ROOT
from threadly.core.database import Cursors, Database, Tx
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


async def test_its_database_refuses_a_name_that_is_taken_and_leads_on_by_a_signed_mark(db: Database) -> None:
    names, cursors = shown(), Cursors(b"for tests, and for nothing else.")
    await db.run(_made, names["Person"])
    mark = await names["used"](db, cursors, None)
    assert cursors.open(mark, names["Key"], query="people by name").name == "Ada"
    with pytest.raises(names["NameTaken"]):
        await names["used"](db, cursors, mark)
    async with db.read() as read:
        assert list(await names["page"](read, None)) == ["Ada"]
        assert list(await names["page"](read, names["Key"]("Ada"))) == []


async def _made(tx: Tx, base: type[DeclarativeBase]) -> None:
    await (await tx.connection()).run_sync(base.metadata.create_all)
