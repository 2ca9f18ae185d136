"""What may run twice is told from what may not; what nobody knows may not."""

import pytest

from threadly.core.database.hazards import statements
from threadly.core.database.hazards.repeating import is_repeatable


@pytest.mark.parametrize(
    ("statement", "twice"),
    [
        ("CREATE INDEX CONCURRENTLY IF NOT EXISTS by_name ON things (name)", True),
        ("CREATE INDEX CONCURRENTLY by_name ON things (name)", False),
        ("DROP INDEX CONCURRENTLY IF EXISTS by_note", True),
        ("DROP INDEX CONCURRENTLY by_note", False),
        ("ALTER TABLE things VALIDATE CONSTRAINT has_name", True),
        ("ALTER TABLE things ALTER COLUMN name DROP NOT NULL", True),
        ("ALTER TABLE things ADD COLUMN size int", False),
        ("ALTER TABLE things DROP COLUMN name", False),
        ("UPDATE things SET note = name WHERE note IS NULL", True),
        ("UPDATE things SET note = note || name WHERE note IS NULL", False),
        ("UPDATE things SET note = name WHERE id > 0", False),
        ("UPDATE things SET price = price * 100 WHERE id > 0", False),
        ("UPDATE things SET note = 'x', name = NULL", True),
        ("DELETE FROM things WHERE id < 5", True),
        ("DELETE FROM things WHERE id IN (SELECT id FROM things LIMIT 5)", False),
        ("WITH gone AS (DELETE FROM things WHERE id IN (SELECT 1) RETURNING id) SELECT count(*) FROM gone", False),
        ("MERGE INTO things USING (SELECT 1) s ON true WHEN MATCHED THEN UPDATE SET price = price + 1", False),
        ("COPY things FROM '/things'", False),
        ("ALTER INDEX things_pkey RENAME TO key", False),
        ("ALTER VIEW some_things RENAME TO things", False),
        ("ALTER TABLE things ADD COLUMN IF NOT EXISTS a int, ADD COLUMN b int", False),
        ("ALTER TABLE IF EXISTS things RENAME CONSTRAINT things_pkey TO key", False),
        ("ALTER TABLE things ALTER COLUMN name TYPE text USING upper(name)", False),
        ("SELECT nextval('numbers')", False),
        ("SELECT setval('numbers', (SELECT max(id) FROM things))", True),
        ("DO $$ BEGIN DELETE FROM things; END $$", False),
        ("INSERT INTO things VALUES (1) ON CONFLICT (id) DO NOTHING", True),
        ("INSERT INTO things VALUES (1) ON CONFLICT (id) DO UPDATE SET note = EXCLUDED.note", True),
        ("INSERT INTO things VALUES (1) ON CONFLICT (id) DO UPDATE SET price = things.price + 1", False),
        ("INSERT INTO things VALUES (1) ON CONFLICT DO NOTHING", False),
        ("INSERT INTO things VALUES (1)", False),
    ],
)
def test_what_may_run_twice(statement: str, *, twice: bool) -> None:
    (read,) = statements(statement)
    assert is_repeatable(read) is twice
