"""One process that decodes."""

import sys
from pathlib import Path

import pytest

from tests.photographs import a_jpeg
from tests.processes import alive
from threadly.marketplace.media import child
from threadly.marketplace.media.child import Child
from threadly.marketplace.media.limits import Limits


async def test_a_child_answers_until_it_is_ended() -> None:
    own = await Child.started(Limits())

    head, files = await own.ask(a_jpeg())
    assert (head.refused, len(files)) == (None, 3)
    head, files = await own.ask(b"no picture")
    assert (head.refused, files) == ("unknown", [])
    await own.end()

    assert not own.lives
    assert alive([own.pid]) == []


async def test_where_the_system_is_not_linux_it_decodes_as_well_and_says_what_is_lacking(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(child, "_PROGRAM", Path(__file__).parent / "not_linux.py")
    started = await Child.started(Limits())
    monkeypatch.setattr(sys, "platform", "darwin")

    head, files = await started.ask(a_jpeg())
    refused, _ = await started.ask(b"no picture")
    monkeypatch.undo()
    await started.end()

    assert (head.refused, len(files), refused.refused) == (None, 3, "unknown")
    assert not started.is_worn
    lacking = "Darwin has no seccomp; memory is not bounded, and nothing ends it with its parent"
    assert started.lack == lacking
