"""Nothing that a rule is about counts as harmless because the rule leaves some of it alone."""

import pytest

from tests.core.database.hazards.corpus import UNSAFE
from threadly.core.database.hazards import hazards, statements
from threadly.core.database.hazards.harmless import HARMLESS, HARMLESS_ACTIONS
from threadly.core.database.hazards.statements import altered


@pytest.mark.parametrize("sql", ["CREATE", "ALTER", "DROP", "nonsense", "CREATE SOMETHING NEW", "DROP SOMETHING"])
def test_what_nobody_has_heard_of_is_not_harmless(sql: str) -> None:
    assert HARMLESS.match(sql) is None
    assert hazards(sql) != []
    (of_table,) = statements(f"ALTER TABLE a {sql} b")
    change = altered(of_table)
    assert change is not None
    assert HARMLESS_ACTIONS.match(change[1][0]) is None
    assert hazards(of_table.text) != []


def test_what_is_not_known_to_hurt_is_not_known_to_be_harmless_either() -> None:
    unknown = [sql for sql, code in UNSAFE.values() if code in {"not-known", "not-seen"}]
    assert len(unknown) == 3
    assert [sql for sql in unknown if HARMLESS.match(sql.upper())] == ["SELECT rewrite_everything();"]
