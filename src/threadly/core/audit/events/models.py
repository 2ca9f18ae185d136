"""The table of security events."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from threadly.core.database import Model


class EventRow(Model):
    """One kind of event of one subject within one window, however often it came."""

    __tablename__ = "security_events"

    window_at: Mapped[datetime] = mapped_column(primary_key=True)
    """When the window began."""
    kind: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    """Of the subject and its facts."""
    count: Mapped[int]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    network: Mapped[str | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)

    __table_args__ = (
        CheckConstraint("count > 0 AND first_at <= last_at", name="counts"),
        CheckConstraint(
            "char_length(kind) <= 50 AND char_length(fingerprint) <= 64 AND char_length(network) <= 64"
            " AND pg_column_size(facts) <= 2048",
            name="lengths",
        ),
        Index("ix_security_events_kind", "kind", "window_at", "fingerprint"),
        Index(
            "ix_security_events_member",
            "actor_id",
            "window_at",
            "kind",
            "fingerprint",
            postgresql_where=sql("actor_id IS NOT NULL"),
        ),
        Index(
            "ix_security_events_network",
            "network",
            "window_at",
            "kind",
            "fingerprint",
            postgresql_where=sql("network IS NOT NULL"),
        ),
    )
