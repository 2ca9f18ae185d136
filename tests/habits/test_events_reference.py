"""The reference of events and acts names each, wherever it is declared."""

from habits import events_reference
from threadly.core.audit import every_act
from threadly.core.security.events import every_event


def test_every_event_and_every_act_is_named_once() -> None:
    page = events_reference.text()

    named = [*(event.kind for event in every_event()), *(act.name for act in every_act())]
    ours = [name for name in named if not name.startswith("test.") and name != "door_forced"]
    assert len(ours) > 15
    for name in ours:
        assert page.count(f"`{name}`") == 1
    assert "| `listing.removed` |" in page
    assert "`account` |" in page
