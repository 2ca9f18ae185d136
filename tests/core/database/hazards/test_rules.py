"""Each rule has a code of its own and fires; and together they see what the best linter there is does not."""

import json
import subprocess
import sys
from pathlib import Path

from tests.core.database.hazards.corpus import UNSAFE
from tests.core.database.hazards.ways import WAYS
from threadly.core.database.hazards import ACTIONS, STATEMENTS


def test_rules_have_codes_of_their_own_and_each_is_seen_to_fire() -> None:
    rules = [rule.code for rule in (*ACTIONS, *STATEMENTS)]
    assert len(set(rules)) == len(rules)
    fired = {code for _, code in UNSAFE.values()} | {code for _, found in WAYS for code in found}
    assert set(rules) - fired == set()


OF_TASTE = (
    "prefer-bigint-over-int,prefer-bigint-over-smallint,prefer-identity,prefer-robust-stmts,prefer-text-field,"
    "prefer-timestamp-tz,require-lock-timeout,require-statement-timeout,require-timeout-settings"
)


def seen_by_squawk(sql: str, tmp_path: Path) -> bool:
    """Whether squawk finds anything in it, of what hurts."""
    (tmp_path / "migration.sql").write_text(sql)
    squawk = [str(Path(sys.executable).with_name("squawk")), "--reporter", "json", "--pg-version", "16"]
    ended = subprocess.run(
        [*squawk, "--assume-in-transaction", "--exclude", OF_TASTE, "migration.sql"],
        cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    return bool(json.loads(ended.stdout or "[]"))


def test_squawk_alone_misses_nineteen_of_these(tmp_path: Path) -> None:
    missed = {name for name, (sql, _) in UNSAFE.items() if not seen_by_squawk(sql, tmp_path)}
    assert missed == {
        "a change of all rows", "a change of all rows that has a WHERE", "a function", "a merge", "a partition",
        "a removal of all rows", "a removal within WITH", "a right that goes", "a statement that nobody knows",
        "a table without a log", "a trigger", "a trigger that goes", "a view that is made anew", "CLUSTER", "code",
        "rows that are hidden", "TRUNCATE", "two tables in one transaction", "VACUUM FULL",
    }  # fmt: skip
