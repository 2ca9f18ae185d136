"""The outbox, the inbox, jobs and schedules."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"

NAME_FORM = "name ~ '^[a-z][a-z0-9_]*([.][a-z][a-z0-9_]*)*$'"
STORAGE = {"autovacuum_vacuum_scale_factor": "0.0", "autovacuum_vacuum_threshold": "2000"}


def upgrade() -> None:
    op.create_table(
        "outbox",
        sa.Column("position", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("delay", sa.Interval(), server_default=sa.text("'00:00:00'"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.CheckConstraint("kind IN ('event', 'job')", name=op.f("ck_outbox_kind")),
        sa.CheckConstraint(NAME_FORM, name=op.f("ck_outbox_name_form")),
        sa.CheckConstraint("delay BETWEEN '00:00:00' AND '366 days'", name=op.f("ck_outbox_delay_is_bounded")),
        sa.CheckConstraint("char_length(key) <= 255", name=op.f("ck_outbox_key_length")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_outbox")),
        postgresql_with=STORAGE,
    )
    # One notification a transaction, without a round trip of its own; PostgreSQL folds equal ones.
    op.execute(
        "CREATE FUNCTION notify_outbox() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN PERFORM pg_notify('outbox', ''); RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER outbox_notifies AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION notify_outbox()"
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("dead_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(NAME_FORM, name=op.f("ck_jobs_name_form")),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_jobs_attempts_are_counted")),
        sa.CheckConstraint("char_length(last_error) <= 200", name=op.f("ck_jobs_last_error_length")),
        sa.CheckConstraint(
            "dead_at IS NULL OR (worker IS NULL AND last_error IS NOT NULL)", name=op.f("ck_jobs_the_dead_tell_why")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        postgresql_with=STORAGE,
    )
    op.create_index("ix_jobs_due", "jobs", ["due_at", "id"], postgresql_where=sa.text("dead_at IS NULL"))
    op.create_index(
        "ix_jobs_in_line",
        "jobs",
        ["name", "key", "id"],
        postgresql_where=sa.text("dead_at IS NULL AND key IS NOT NULL"),
    )
    op.create_index("ix_jobs_dead", "jobs", ["id"], postgresql_where=sa.text("dead_at IS NOT NULL"))
    op.create_table(
        "inbox",
        sa.Column("consumer", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "char_length(consumer) <= 100 AND char_length(message_id) <= 255", name=op.f("ck_inbox_lengths")
        ),
        sa.PrimaryKeyConstraint("consumer", "message_id", name=op.f("pk_inbox")),
    )
    op.create_index("ix_inbox_received_at", "inbox", ["received_at"], postgresql_using="brin")
    op.create_table(
        "schedules",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(NAME_FORM, name=op.f("ck_schedules_name_form")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_schedules")),
    )


def downgrade() -> None:
    op.drop_table("schedules")
    op.drop_table("inbox")
    op.drop_table("jobs")
    op.drop_table("outbox")
    op.execute("DROP FUNCTION notify_outbox()")
