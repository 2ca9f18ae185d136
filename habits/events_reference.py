"""Writes docs/reference/security-events.md: what protections see and what the audit log records, from their classes."""

from dataclasses import fields
from typing import Final

from threadly.commands import acts
from threadly.core.audit import every_act
from threadly.core.security.events import SecurityEvent, every_event
from threadly.tables import metadata

FILE: Final = "docs/reference/security-events.md"
_SHARED: Final = {field.name for field in fields(SecurityEvent)}
_DECLARED: Final = (acts, metadata)  # whoever imports these has imported all that is declared


def text() -> str:
    """The page."""
    events = [
        f"| [`{event.kind}`](../runbooks/security.md#{event.kind}) | {_sentence(event)} | {_facts(event)} |"
        for event in every_event()
        if event.__module__.startswith("threadly.")
    ]
    recorded = [f"| `{act.name}` | {_sentence(act)} |" for act in every_act() if act.__module__.startswith("threadly.")]
    return "\n".join(
        [
            "# Security events, and the audit log",
            "",
            "<!-- Written by `python -m habits --write` from the classes of events and acts. -->",
            "",
            "## What protections see",
            "",
            "`threadly security events` lists them. Each has a network, and a member, where these are known, and how",
            "often it came within ten minutes.",
            "",
            "| kind | what has happened | facts |",
            "|---|---|---|",
            *events,
            "",
            "## What is recorded",
            "",
            "`threadly audit` lists acts: each with who did it, because of what, what it was before and after,",
            "on what, when, and in which request.",
            "",
            "| act | what has happened |",
            "|---|---|",
            *recorded,
            "",
        ]
    )


def _sentence(kind: type) -> str:
    return " ".join((kind.__doc__ or "").split())


def _facts(event: type[SecurityEvent]) -> str:
    return ", ".join(f"`{field.name}`" for field in fields(event) if field.name not in _SHARED)
