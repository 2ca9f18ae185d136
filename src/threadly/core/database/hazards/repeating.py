"""Whether a statement may be run again after it has been run: what happens to what was committed, and then interrupted.

Guaranteed: what is not known here to leave the same behind is not repeatable.
"""

import re
from typing import Final

from threadly.core.database.hazards.calls import REPEATABLE, strangers
from threadly.core.database.hazards.rules import CONSTANT, NAME
from threadly.core.database.hazards.statements import Statement, altered, apart, is_batched, parts

_AGAIN: Final = re.compile(
    r"^(?:CREATE (?:[A-Z]+ ){1,3}?IF NOT EXISTS\b|CREATE OR REPLACE\b|DROP (?:[A-Z]+ ){1,3}?IF EXISTS\b"
    rf"|ALTER TYPE {NAME} ADD VALUE IF NOT EXISTS\b|ALTER (?:INDEX|VIEW|SEQUENCE) IF EXISTS {NAME} RENAME TO\b"
    r"|ALTER DEFAULT PRIVILEGES\b|COMMENT ON\b|GRANT\b|REVOKE\b|ANALYZE\b|VACUUM\b|REINDEX\b|CLUSTER\b"
    r"|REFRESH MATERIALIZED VIEW\b|SET\b|RESET\b|SHOW\b)"
)
_ACTION: Final = re.compile(
    r"^(?:ADD (?:COLUMN )?IF NOT EXISTS\b|DROP (?:COLUMN |CONSTRAINT )?IF EXISTS\b|VALIDATE CONSTRAINT\b"
    rf"|ALTER (?:COLUMN )?{NAME} (?:(?:SET|DROP) (?:DEFAULT|NOT NULL)\b|SET (?:STATISTICS|STORAGE|COMPRESSION|\()"
    r"|RESET \(|DROP (?:IDENTITY|EXPRESSION) IF EXISTS\b|(?:SET DATA )?TYPE (?!.*\bUSING\b))"
    r"|(?:ENABLE|DISABLE|FORCE|NO FORCE|OWNER TO|REPLICA IDENTITY|CLUSTER ON|SET WITHOUT|(?:RE)?SET \()"
    r"|SET (?:LOGGED|UNLOGGED|TABLESPACE|ACCESS METHOD)\b)"
)
_INSERT: Final = re.compile(
    rf"^INSERT INTO .* ON CONFLICT (?:\( .* \)|ON CONSTRAINT {NAME}) DO "
    rf"(?:NOTHING|UPDATE SET {NAME} = EXCLUDED \. {NAME}(?: , {NAME} = EXCLUDED \. {NAME})*)(?: RETURNING .*)?$"
)
_UPDATE: Final = re.compile(
    rf"^UPDATE (?:ONLY )?{NAME} (?:(?:AS )?{NAME} )?SET (?P<sets>.*?)(?: WHERE (?P<where>.*))?$"
)
_SET: Final = re.compile(rf"^(?P<column>{NAME}) = (?P<value>.*)$")
_SAME: Final = re.compile(rf"^(?:{CONSTANT}|NULL|DEFAULT)$")


def is_repeatable(statement: Statement) -> bool:
    """Whether it leaves the same behind, run once or twice."""
    return is_batched(statement) or all(map(_is_repeatable, parts(statement)))


def _is_repeatable(part: Statement) -> bool:
    said = str(part)
    if (change := altered(part)) is not None:
        return (
            all(map(_ACTION.match, change[1]))
            or re.match(rf"^ALTER TABLE IF EXISTS {NAME} RENAME TO\b", said) is not None
        )
    if _AGAIN.match(said):
        return True
    if any(strangers(part.words, REPEATABLE)):
        return False
    first, is_plain = part.words[0], "SELECT" not in part.words
    if first == "INSERT":
        return _INSERT.match(said) is not None
    if first == "UPDATE":
        return is_plain and "FROM" not in part.words and _settles(said)
    if first == "DELETE":
        return is_plain and "USING" not in part.words
    return first in {"SELECT", "VALUES", "TABLE"} and "INTO" not in part.words


def _settles(update: str) -> bool:
    """Whether a row that has been changed is left as it is: it gets constants, or is no longer asked for."""
    found = _UPDATE.match(update)
    if found is None:
        return False
    sets = [_SET.match(" ".join(each)) for each in apart(found["sets"].split(" "))]
    changed, values = zip(*((each["column"], each["value"]) if each else ("", "") for each in sets), strict=True)
    if "" in changed:
        return False
    if all(map(_SAME.match, values)):
        return True
    asked = (found["where"] or "").split(" AND ")
    is_left = " OR " not in f" {found['where']} " and any(f"{column} IS NULL" in asked for column in changed)
    return is_left and not {word for value in values for word in value.split(" ")} & set(changed)
