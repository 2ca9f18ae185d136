"""Whether a new column's default is the same for all rows: then PostgreSQL notes it once, and writes no row."""

import re
from typing import Final

from threadly.core.database.hazards import calls
from threadly.core.database.hazards.rules import NEW_COLUMN, NO_DEFAULT, STEADY_DEFAULT
from threadly.core.database.hazards.statements import tokens

_NEW_COLUMN: Final = re.compile(NEW_COLUMN)
_AFTER_DEFAULT: Final = {
    "NOT", "NULL", "CHECK", "UNIQUE", "PRIMARY", "REFERENCES", "CONSTRAINT", "COLLATE", "GENERATED", "DEFERRABLE",
}  # fmt: skip


def with_plain_default(action: str) -> str:
    """A new column's default, if it is the same for all rows, as one word."""
    if not _NEW_COLUMN.match(action):
        return action
    words = tokens(action)
    begins = next(
        (at for at, word in enumerate(words) if word == "DEFAULT" and words[at - 1] not in {"BY", "SET"}), None
    )
    if begins is None:
        return action
    depth, ends = 0, begins + 1
    for ends in range(begins + 1, len(words) + 1):
        word = words[ends] if ends < len(words) else ""
        depth += (word == "(") - (word == ")")
        if depth == 0 and ends > begins + 1 and (word in _AFTER_DEFAULT or not word):
            break
    value = words[begins + 1 : ends]
    if value[:1] == ["NULL"] and value[1:3] in ([], [":", ":"]) and all(map(str.isidentifier, value[3:])):
        value = [NO_DEFAULT]
    elif not any(calls.strangers(value, calls.STEADY)) and "SELECT" not in value:
        value = [STEADY_DEFAULT]
    return " ".join([*words[: begins + 1], *value, *words[ends:]])
