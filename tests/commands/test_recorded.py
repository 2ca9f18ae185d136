"""What an act has changed, as people read it."""

from typing import Any

import pytest

from threadly.commands.recorded import told
from threadly.core import clock
from threadly.core.audit import Recorded

Facts = dict[str, Any] | None


def lines(before: Facts, after: Facts, act: str = "thing.done") -> list[str]:
    return list(
        told(
            Recorded(
                id=1, at=clock.now(), act=act, actor="system", cause="test", target="thing",
                before=before, after=after, request_id=None,
            )
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    ("case", "before", "after", "said"),
    [
        ("nothing", None, None, []),
        ("a change", {"place": "Sofia", "bio": ""}, {"place": "Varna", "bio": "Hi"},
         ["place: Sofia → Varna", "bio: – → Hi"]),
        ("none before", {"revision": None}, {"revision": "0020"}, ["revision: – → 0020"]),
        ("only what is", None, {"username": "mila", "devices": 1200}, ["username: mila", "devices: 1,200"]),
        ("only what was", {"revision": "0019"}, None, ["revision: was 0019"]),
        ("yes and no", None, {"at_once": True, "removed": False}, ["at once: yes", "removed: no"]),
        ("what counts", None, {"added": {"sizes": 189, "size_systems": 14}, "changed": {}},
         ["added: sizes 189, size systems 14", "changed: –"]),
        ("a list", None, {"names": ["a", 2, None]}, ["names: a, 2, –"]),
        ("a gain", {"a": 1}, {"b": 2}, ["a: 1 → –", "b: – → 2"]),
        ("too long", {"bio": "x"}, {"cut": True, "names": ["bio", "place"]},
         ["what it is was too long to be kept: bio, place"]),
        ("lines, and what steers a terminal", None, {"bio": "one\ntwo\x1b[2J"}, ["bio: one two [2J"]),
        ("a long text", None, {"bio": "x" * 301}, [f"bio: {'x' * 300}…"]),
    ],
)  # fmt: skip
def test_facts_are_told_as_people_read_them(case: str, before: Facts, after: Facts, said: list[str]) -> None:
    assert lines(before, after) == said, case


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (None, {"digest": "ab", "marks": ["SITE__NAME 12"]}, "the first start that was recorded"),
        ({"digest": "ab"}, {"digest": "cd", "changed": "THREADLY_SITE__NAME", "marks": ["SITE__NAME 12"]},
         "changed: THREADLY_SITE__NAME"),
        ({"digest": "ab"}, {"digest": "cd"}, "which settings changed was not recorded; digest ab → cd"),
    ],
)  # fmt: skip
def test_of_settings_the_names_are_told_where_they_were_recorded(before: Facts, after: Facts, said: str) -> None:
    assert lines(before, after, "settings.changed") == [said]
