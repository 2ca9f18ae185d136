"""Who acts."""

from dataclasses import FrozenInstanceError
from uuid import uuid4

import pytest

from threadly.core.auth import Actor


def test_nobody_turns_into_somebody_else() -> None:
    actor = Actor(id=uuid4(), session_id=uuid4())
    with pytest.raises(FrozenInstanceError):
        actor.id = uuid4()  # type: ignore[misc]
