"""The table of the audit log refuses what is no act."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from threadly.core.database import Database, constraint_of

ROW = "INSERT INTO audit_log (act, actor, cause, target, after) VALUES ({}, {}, 'test', 'thing', {})"
LONG = "jsonb_build_object('a', (SELECT string_agg(md5(n::text), '') FROM generate_series(1, 1000) n))"


@pytest.mark.parametrize(
    ("broken", "statement"),
    [
        ("ck_audit_log_act_form", ROW.format("'Thing done'", "'system'", "NULL")),
        ("ck_audit_log_lengths", ROW.format("'thing.done'", "repeat('x', 201)", "NULL")),
        ("ck_audit_log_sizes", ROW.format("'thing.done'", "'system'", LONG)),
    ],
)
async def test_a_row_that_breaks_a_rule_is_refused(db: Database, broken: str, statement: str) -> None:
    with pytest.raises(IntegrityError) as refusal:
        async with db.engine.begin() as connection:
            await connection.execute(text(statement))
    assert constraint_of(refusal.value) == broken
    async with db.engine.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM audit_log")) == 0
