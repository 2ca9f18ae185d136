"""Jobs that wait, run or have died, and the schedules that make some of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Identity, Index, Integer, func
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from threadly.core.database.model import Model
from threadly.core.database.outbox import NAME_FORM, STORAGE


class QueuedJob(Model):
    """One message for one handler; gone once it is done.

    `due_at` says when it may be taken. To take it is to push that into the future, and to count the attempt; who lives
    keeps pushing. So a job whose worker died becomes due by itself, and no state has to be mended.
    """

    __tablename__ = "jobs"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    name: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    key: Mapped[str | None]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(server_default=func.now())
    attempts: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    worker: Mapped[str | None]
    last_error: Mapped[str | None]
    dead_at: Mapped[datetime | None]
    traceparent: Mapped[str | None]

    __table_args__ = (
        CheckConstraint(f"name ~ '{NAME_FORM}'", name="name_form"),
        CheckConstraint("attempts >= 0", name="attempts_are_counted"),
        CheckConstraint("char_length(last_error) <= 200", name="last_error_length"),
        CheckConstraint("dead_at IS NULL OR (worker IS NULL AND last_error IS NOT NULL)", name="the_dead_tell_why"),
        Index("ix_jobs_due", "due_at", "id", postgresql_where=sql("dead_at IS NULL")),
        Index("ix_jobs_in_no_line", "due_at", "id", postgresql_where=sql("dead_at IS NULL AND key IS NULL")),
        Index("ix_jobs_in_line", "name", "key", "id", postgresql_where=sql("dead_at IS NULL AND key IS NOT NULL")),
        Index("ix_jobs_dead", "id", postgresql_where=sql("dead_at IS NOT NULL")),
        {"postgresql_with": STORAGE},
    )


class Subscriber(Model):
    """Who is told of an event, as workers say again and again: also those of a release that others do not know yet."""

    __tablename__ = "subscribers"

    event: Mapped[str] = mapped_column(primary_key=True)
    handler: Mapped[str] = mapped_column(primary_key=True)
    declared_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (CheckConstraint(f"handler ~ '{NAME_FORM}'", name="handler_form"),)


class Schedule(Model):
    """When a job is made next."""

    __tablename__ = "schedules"

    name: Mapped[str] = mapped_column(primary_key=True)
    due_at: Mapped[datetime]

    __table_args__ = (CheckConstraint(f"name ~ '{NAME_FORM}'", name="name_form"),)
