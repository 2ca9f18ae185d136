"""Events are typed, equal where they are of one subject, and of a kind that the runbook knows."""

import re
from dataclasses import FrozenInstanceError
from pathlib import Path
from uuid import uuid4

import pytest

from threadly.core.security.events import LimitHit, SignInFailed, every_event

RUNBOOK = Path(__file__).parents[4] / "docs/runbooks/security.md"


def test_each_kind_has_a_name_a_sentence_and_an_entry_in_the_runbook() -> None:
    ours = [event for event in every_event() if event.__module__.startswith("threadly.")]
    named = [event.kind for event in ours]
    assert named == sorted(set(named))
    assert len(named) >= 8
    assert all(re.fullmatch("[a-z_]{1,50}", name) for name in named)
    assert all((event.__doc__ or "").strip().endswith(".") for event in ours)
    assert re.findall(r"^### (\w+)$", RUNBOOK.read_text(), re.MULTILINE) == named


def test_one_subject_is_one_event_and_cannot_be_changed() -> None:
    member = uuid4()
    assert LimitHit(limit="auth", actor_id=member) == LimitHit(limit="auth", actor_id=member)
    assert LimitHit(limit="auth") != LimitHit(limit="search")
    assert LimitHit(limit="auth", network="192.0.2.0/24").facts == {"limit": "auth"}
    event = SignInFailed(account="ab")
    with pytest.raises(FrozenInstanceError):
        event.account = "cd"  # type: ignore[misc]
