"""The kinds of events. Fields are names of ours, ids, and digests: never what somebody typed.

An application adds its own as a subclass: frozen, with a `kind`, and fields of few values or of no meaning to others.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import ClassVar, Final
from uuid import UUID

from threadly.core.kinds import below

_SUBJECT: Final = frozenset({"network", "actor_id"})


@dataclass(frozen=True, kw_only=True)
class SecurityEvent:
    """Something that a protection has seen. Equal ones are the same subject, and are counted together."""

    kind: ClassVar[str]

    network: str | None = None
    """Where it came from, as `prefix_of` tells it; None where that is not known."""
    actor_id: UUID | None = None
    """Who was signed in."""

    @property
    def facts(self) -> dict[str, str]:
        """What is particular to its kind."""
        return {each.name: str(getattr(self, each.name)) for each in fields(self) if each.name not in _SUBJECT}


@dataclass(frozen=True, kw_only=True)
class LimitHit(SecurityEvent):
    """More was asked than a rate limit allows, and refused."""

    kind = "limit_hit"
    limit: str


@dataclass(frozen=True, kw_only=True)
class CsrfViolation(SecurityEvent):
    """A page of another site tried to change something in a visitor's name."""

    kind = "csrf_violation"


@dataclass(frozen=True, kw_only=True)
class SuspiciousUpload(SecurityEvent):
    """What was sent as a picture could not be taken as one."""

    kind = "suspicious_upload"
    reason: str
    """The code of its refusal."""


@dataclass(frozen=True, kw_only=True)
class SignInFailed(SecurityEvent):
    """A name and a password did not belong together."""

    kind = "sign_in_failed"
    account: str
    """A keyed digest of the name: the same for the same name, and no way back to it."""


@dataclass(frozen=True, kw_only=True)
class PermissionRefused(SecurityEvent):
    """Somebody asked for what they may not do."""

    kind = "permission_refused"
    code: str
    """Of the refusal: docs/reference/errors.md."""


@dataclass(frozen=True, kw_only=True)
class CspViolation(SecurityEvent):
    """A browser refused something on a page of ours, by the content security policy."""

    kind = "csp_violation"
    directive: str


@dataclass(frozen=True, kw_only=True)
class UnknownHost(SecurityEvent):
    """A request named a host that is not the site's."""

    kind = "unknown_host"


@dataclass(frozen=True, kw_only=True)
class BodyRefused(SecurityEvent):
    """A request was larger than is taken, in its address, headers or body, or came too slowly."""

    kind = "body_refused"
    code: str
    """Of the refusal: docs/reference/errors.md."""


def every_event() -> Iterator[type[SecurityEvent]]:
    """All kinds that have been imported so far, by name."""
    return iter(sorted(below(SecurityEvent), key=lambda event: event.kind))
