"""An index for jobs that stand in no line, so that they pass those that do."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_jobs_in_no_line",
            "jobs",
            ["due_at", "id"],
            postgresql_where=sa.text("dead_at IS NULL AND key IS NULL"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )


def downgrade() -> None:
    op.drop_index("ix_jobs_in_no_line", "jobs")
