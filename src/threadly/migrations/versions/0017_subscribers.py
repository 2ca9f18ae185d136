"""Who is told of an event, so that each worker knows the subscribers of all."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "subscribers",
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("handler", sa.Text(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("event", "handler", name=op.f("pk_subscribers")),
        sa.CheckConstraint(
            "handler ~ '^[a-z][a-z0-9_]*([.][a-z][a-z0-9_]*)*$'", name=op.f("ck_subscribers_handler_form")
        ),
    )


def downgrade() -> None:
    op.drop_table("subscribers")
