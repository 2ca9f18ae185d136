"""No revision of ours hurts people who use the database: each is judged by itself, on tables that are large."""

import pytest
from alembic.script import ScriptDirectory

from threadly.core.database.planning import planned
from threadly.migrations import MIGRATIONS

BEFORE_ANYBODY = "0013"
"""The last revision that could run in an empty database only, since nothing had been released."""

REVISIONS = [script.revision for script in ScriptDirectory.from_config(MIGRATIONS.config()).walk_revisions()][::-1]


def test_all_of_them_together_fill_an_empty_database_and_hurt_nobody() -> None:
    plan = planned(MIGRATIONS, None)
    assert [each.revision for each in plan] == REVISIONS
    assert {each.revision: [one.hazard.code for one in each.dangers] for each in plan if each.dangers} == {}


@pytest.mark.parametrize("revision", ["none yet", *REVISIONS[REVISIONS.index(BEFORE_ANYBODY) + 1 :]])
def test_none_that_came_later_hurts_whoever_is_there(revision: str) -> None:
    if revision == "none yet":
        # What was written before is what such a revision must not be: this is how one would be seen.
        (early,) = planned(MIGRATIONS, "0004", "0005")
        assert "rows-all-updated" in {danger.hazard.code for danger in early.dangers if danger.refuses}
        return
    before = REVISIONS[REVISIONS.index(revision) - 1]
    (own,) = planned(MIGRATIONS, before, revision)
    assert [str(danger.hazard) for danger in own.dangers if danger.refuses] == []
