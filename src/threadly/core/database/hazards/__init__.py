"""Hazards of a migration: what it would do to people who use the database meanwhile, and the safe way instead.

    for hazard in hazards("CREATE INDEX i ON listings (title)"):
        print(hazard)

Promises: of reading SQL `statements`; what is known `rules` and `harmless`; how a script is judged `judging`.
Guaranteed: neither a table that the script has made itself, nor what stands in strings, comments or bodies of functions
that it makes, is a hazard; whatever is not known to be harmless is told, and so is what cannot be seen: a DO block, a
call of a function. Not guaranteed: how many rows a WHERE finds that asks for values, how large a table is, what a new
column's type checks (a domain), and what triggers do.
"""

from threadly.core.database.hazards.judging import Hazard, Judge, hazards, is_concurrent
from threadly.core.database.hazards.rules import ACTIONS, STATEMENTS, Lock, Rule
from threadly.core.database.hazards.script_rules import NOT_SEEN
from threadly.core.database.hazards.statements import IN_BATCHES, Statement, statements

__all__ = [
    "ACTIONS",
    "IN_BATCHES",
    "NOT_SEEN",
    "STATEMENTS",
    "Hazard",
    "Judge",
    "Lock",
    "Rule",
    "Statement",
    "hazards",
    "is_concurrent",
    "statements",
]
