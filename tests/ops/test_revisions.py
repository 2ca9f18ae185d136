"""Which revision this release needs."""

from alembic.script import ScriptDirectory

from threadly.migrations import MIGRATIONS
from threadly.ops.revisions import newest


def test_it_is_the_one_that_alembic_leads_to() -> None:
    assert newest() == ScriptDirectory.from_config(MIGRATIONS.config()).get_current_head()
