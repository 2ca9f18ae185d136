"""What would hurt a database in use is found, by its rule and with its lock; what would not is left alone."""

import pytest

from tests.core.database.hazards.corpus import SAFE, UNSAFE
from threadly.core.database.hazards import hazards


def codes(sql: str, *, in_transaction: bool = True, has_lock_timeout: bool = True) -> list[str]:
    return [found.code for found in hazards(sql, in_transaction=in_transaction, has_lock_timeout=has_lock_timeout)]


def test_the_corpus_is_as_large_as_the_goal_says() -> None:
    assert (len(UNSAFE), len(SAFE)) == (25, 15)


@pytest.mark.parametrize("name", UNSAFE)
def test_what_hurts_is_found_and_said_with_its_lock_and_the_safe_way(name: str) -> None:
    sql, code = UNSAFE[name]
    found = hazards(sql, in_transaction=not sql.startswith("VACUUM"))
    assert [each.code for each in found] == [code]
    said = str(found[0])
    assert f"[{code}]" in said
    assert "Instead: " in said
    assert "Keeps waiting: " in said


@pytest.mark.parametrize("name", SAFE)
def test_what_does_not_is_left_alone(name: str) -> None:
    assert codes(SAFE[name]) == []


WAYS = [
    ("ALTER TABLE a ADD b int, DROP c, ADD CHECK (b > 0)", ["column-drops", "check-scans"]),
    ('ALTER TABLE ONLY "Shop"."Odd ; table" RENAME "a, b" TO c', ["rename-breaks"]),
    ("CREATE UNIQUE INDEX IF NOT EXISTS i ON shop.listings USING btree (id)", ["index-blocks"]),
    ("CREATE INDEX ON listings (id)", ["index-blocks"]),
    ("CREATE TABLE IF NOT EXISTS a (id int); CREATE INDEX i ON a (id)", ["index-blocks"]),
    ("CREATE TABLE a (id int); CREATE INDEX i ON a (id); DROP INDEX i; DROP TABLE a", []),
    ("CREATE INDEX CONCURRENTLY i ON a (id)", ["concurrently-in-transaction"]),
    (
        "ALTER TABLE a ADD CONSTRAINT c CHECK (b > 0) NOT VALID; ALTER TABLE a VALIDATE CONSTRAINT c",
        ["validates-at-once"],
    ),
    ("ALTER TABLE a ADD COLUMN b bigserial", ["column-rewrites"]),
    ("ALTER TABLE a ADD b text GENERATED ALWAYS AS (upper(c)) STORED", ["column-rewrites"]),
    ("ALTER TABLE a ADD b int REFERENCES c", []),
    ("ALTER TABLE a ADD b int DEFAULT 1 REFERENCES c", ["foreign-key-scans"]),
    ("VACUUM (FULL, ANALYZE) a", ["concurrently-in-transaction", "vacuum-rewrites"]),
    ("LOCK TABLE a IN ACCESS EXCLUSIVE MODE", ["locks-table"]),
    ("LOCK TABLE a IN ROW EXCLUSIVE MODE", []),
    ("ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'", ["value-renamed"]),
    ("ALTER TYPE mood ADD VALUE 'sad'", []),
    ("WITH old AS (SELECT 1) UPDATE a SET b = 1 WHERE c IN (SELECT 1)", []),
    ("ALTER TABLE a DETACH PARTITION b", ["partition-detaches"]),
    ("ALTER TABLE a DISABLE TRIGGER ALL", ["triggers-switched"]),
    ("CREATE RULE r AS ON INSERT TO a DO INSTEAD NOTHING", ["rule-locks"]),
    ("ALTER DOMAIN d ADD CHECK (value > 0)", ["domain-scans"]),
    ("DROP TYPE mood", ["drops-everything"]),
]


@pytest.mark.parametrize(("sql", "found"), WAYS)
def test_ways_to_write_it(sql: str, found: list[str]) -> None:
    assert codes(sql) == found


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("ALTER TABLE a ADD b int", ["waits-without-end"]),
        ("SET lock_timeout = '5s'; ALTER TABLE a ADD b int", []),
        ("SET LOCAL lock_timeout TO 2000; ALTER TABLE a ADD b int", []),
        ("SET lock_timeout = 0; ALTER TABLE a ADD b int", ["waits-without-end"]),
        ("SET lock_timeout = '5s'; RESET lock_timeout; ALTER TABLE a ADD b int", ["waits-without-end"]),
        ("ALTER TABLE a ADD b int; SET lock_timeout = '5s'", ["waits-without-end"]),
        ("SET LOCAL lock_timeout = '5s'; COMMIT; BEGIN; ALTER TABLE a ADD b int", ["waits-without-end"]),
        ("CREATE TABLE a (id int); ALTER TABLE a ADD b int", []),
        ("SELECT 1", []),
    ],
)
def test_a_limit_to_waiting_counts_only_where_it_is_in_effect(sql: str, found: list[str]) -> None:
    assert codes(sql, has_lock_timeout=False) == found
