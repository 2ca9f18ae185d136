"""Sessions and credentials."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("token_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("user_agent", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("octet_length(token_sha256) = 32", name=op.f("ck_sessions_token_sha256_length")),
        sa.CheckConstraint("char_length(user_agent) <= 200", name=op.f("ck_sessions_user_agent_length")),
        sa.CheckConstraint(
            "created_at <= last_seen_at AND last_seen_at < expires_at", name=op.f("ck_sessions_times_in_order")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_sessions_token_sha256")),
    )
    op.create_index("ix_sessions_actor_id", "sessions", ["actor_id"])
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"])
    op.create_table(
        "credentials",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("email ~ '^[^@[:space:]]+@[^@[:space:]]+$'", name=op.f("ck_credentials_email_form")),
        sa.CheckConstraint("char_length(email) <= 254", name=op.f("ck_credentials_email_length")),
        sa.CheckConstraint("password_hash LIKE '$argon2id$%'", name=op.f("ck_credentials_password_hash_form")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_credentials_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_credentials")),
    )
    # An address is somebody's only once they have shown that they read it: until then, any number may claim it.
    op.create_index(
        "uq_credentials_lower_email_confirmed",
        "credentials",
        [sa.literal_column("lower(email)")],
        unique=True,
        postgresql_where=sa.text("email_confirmed_at IS NOT NULL"),
    )
    op.create_index("ix_credentials_lower_email", "credentials", [sa.literal_column("lower(email)"), "created_at"])


def downgrade() -> None:
    op.drop_table("credentials")
    op.drop_table("sessions")
