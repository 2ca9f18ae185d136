"""Which revision this release needs."""

from alembic.script import ScriptDirectory

from threadly.migrations import MIGRATIONS
from threadly.ops.revisions import revisions


def test_it_is_the_one_that_alembic_leads_to() -> None:
    assert revisions().newest == ScriptDirectory.from_config(MIGRATIONS.config()).get_current_head()


def test_one_that_it_does_not_know_is_of_a_newer_release() -> None:
    ours = revisions()
    assert ours.is_ahead("9999")
    assert not any(ours.is_ahead(revision) for revision in (None, "0001", ours.newest))
