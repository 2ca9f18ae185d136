"""What hurts by what stands before it in its script; and what is told because nobody knows whether it does.

None of them has a pattern: `judging` finds them.
"""

from typing import Final

from threadly.core.database.hazards.rules import Lock, Rule

WAITS: Final = Rule(
    "waits-without-end",
    Lock.ACCESS_EXCLUSIVE,
    "It waits for whoever uses the table, for however long, and all who come later wait behind it.",
    "SET lock_timeout before it, and try again.",
)
TWO_TABLES: Final = Rule(
    "two-tables-locked",
    Lock.ACCESS_EXCLUSIVE,
    "The lock of a table before it is still held while it waits for this one: both stand still, and with somebody who "
    "takes them in the other order it is a deadlock.",
    "One table a transaction: a revision of its own for each.",
)
VALIDATES_AT_ONCE: Final = Rule(
    "validates-at-once",
    Lock.ACCESS_EXCLUSIVE,
    "The lock by which the constraint was added is still held while the whole table is read.",
    "VALIDATE CONSTRAINT in a later transaction.",
)
IN_TRANSACTION: Final = Rule(
    "concurrently-in-transaction",
    Lock.NONE,
    "PostgreSQL refuses CONCURRENTLY, VACUUM and the like in a transaction.",
    "Run it outside of one.",
)
NOT_TWICE: Final = Rule(
    "cannot-run-twice",
    Lock.NONE,
    "It is committed before the revision has ended: it stays done when what follows fails or is interrupted, and is "
    "done again when the revision begins anew. That would fail, or change rows twice.",
    "IF NOT EXISTS, IF EXISTS, ON CONFLICT, or a WHERE that no longer finds it; or a revision of its own.",
    breaks=True,
)
CASCADES: Final = Rule(
    "cascades",
    Lock.ACCESS_EXCLUSIVE,
    "What depends on it goes as well, whatever that is on the day, and the release that still runs with it.",
    "Drop by name what has to go, and let PostgreSQL refuse where something else depends on it.",
    breaks=True,
)
NOT_SEEN: Final = Rule(
    "not-seen",
    Lock.UNKNOWN,
    "What it does cannot be read from here: it runs code, or decides by what it finds in the database.",
    "Write it as statements; or accept it, with what it does as the reason.",
    breaks=True,
)
NOT_KNOWN: Final = Rule(
    "not-known",
    Lock.UNKNOWN,
    "It is none of the statements of which is known here what they lock, and whom they break.",
    "Look up in PostgreSQL's manual what it locks; then accept it, with that as the reason.",
    breaks=True,
)
