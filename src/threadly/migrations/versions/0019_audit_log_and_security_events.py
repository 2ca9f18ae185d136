"""The audit log, which only grows, and what protections have seen."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"

_NAME_FORM = "^[a-z][a-z0-9_]*([.][a-z][a-z0-9_]*)*$"


def upgrade() -> None:
    op.create_table(
        "audit_log",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=True),
        sa.Column("after", postgresql.JSONB(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
        sa.CheckConstraint(f"act ~ '{_NAME_FORM}'", name=op.f("ck_audit_log_act_form")),
        sa.CheckConstraint(
            "char_length(act) <= 100 AND char_length(actor) <= 200 AND char_length(cause) <= 200"
            " AND char_length(target) <= 200 AND char_length(request_id) <= 100",
            name=op.f("ck_audit_log_lengths"),
        ),
        sa.CheckConstraint(
            "pg_column_size(before) <= 16384 AND pg_column_size(after) <= 16384", name=op.f("ck_audit_log_sizes")
        ),
    )
    op.create_index("ix_audit_log_at", "audit_log", ["at", "id"])
    op.create_index("ix_audit_log_actor", "audit_log", ["actor", "at", "id"])
    op.create_index("ix_audit_log_target", "audit_log", ["target", "at", "id"])
    op.execute(
        "CREATE FUNCTION refuse_to_forget() RETURNS trigger LANGUAGE plpgsql AS $$\n"
        "BEGIN\n"
        "    RAISE EXCEPTION 'the audit log only grows' USING ERRCODE = 'insufficient_privilege';\n"
        "END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_log_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_forget()"
    )
    op.create_table(
        "security_events",
        sa.Column("window_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("network", sa.Text(), nullable=True),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("window_at", "kind", "fingerprint", name=op.f("pk_security_events")),
        sa.CheckConstraint("count > 0 AND first_at <= last_at", name=op.f("ck_security_events_counts")),
        sa.CheckConstraint(
            "char_length(kind) <= 50 AND char_length(fingerprint) <= 64 AND char_length(network) <= 64"
            " AND pg_column_size(facts) <= 2048",
            name=op.f("ck_security_events_lengths"),
        ),
    )
    op.create_index("ix_security_events_kind", "security_events", ["kind", "window_at", "fingerprint"])
    op.create_index(
        "ix_security_events_member",
        "security_events",
        ["actor_id", "window_at", "kind", "fingerprint"],
        postgresql_where=sa.text("actor_id IS NOT NULL"),
    )
    op.create_index(
        "ix_security_events_network",
        "security_events",
        ["network", "window_at", "kind", "fingerprint"],
        postgresql_where=sa.text("network IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_table("security_events")
    op.drop_table("audit_log")
    op.execute("DROP FUNCTION refuse_to_forget()")
