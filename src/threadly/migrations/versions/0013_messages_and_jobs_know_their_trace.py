"""Messages and jobs know the trace in which they were asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    for table in ("outbox", "jobs"):
        op.add_column(table, sa.Column("traceparent", sa.Text(), nullable=True))


def downgrade() -> None:
    for table in ("jobs", "outbox"):
        op.drop_column(table, "traceparent")
