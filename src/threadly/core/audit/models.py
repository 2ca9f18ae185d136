"""The table of the audit log."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Identity, Index, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from threadly.core.database import Model
from threadly.core.database.outbox import NAME_FORM


class AuditRow(Model):
    """One act. Its id and its time are the database's own; a trigger and the role's rights let nobody change a row."""

    __tablename__ = "audit_log"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    act: Mapped[str]
    actor: Mapped[str]
    """`account 0190…`, `operator anna@shop-1`, `system`."""
    cause: Mapped[str]
    """`POST /account/password`, `job sessions.prune`, `command db`, `start web 1`."""
    target: Mapped[str]
    """`account 0190…`, `order 0190…`, `database`."""
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    request_id: Mapped[str | None]

    __table_args__ = (
        CheckConstraint(f"act ~ '{NAME_FORM}'", name="act_form"),
        CheckConstraint(
            "char_length(act) <= 100 AND char_length(actor) <= 200 AND char_length(cause) <= 200"
            " AND char_length(target) <= 200 AND char_length(request_id) <= 100",
            name="lengths",
        ),
        CheckConstraint("pg_column_size(before) <= 16384 AND pg_column_size(after) <= 16384", name="sizes"),
        Index("ix_audit_log_at", "at", "id"),
        Index("ix_audit_log_actor", "actor", "at", "id"),
        Index("ix_audit_log_target", "target", "at", "id"),
    )
